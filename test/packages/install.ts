// The built packages as a project receives them: packed and unpacked into its node_modules. Dependencies are links to this repository's own
// copies, so no network is needed.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const run = promisify(execFile);

/** A project with one of the packages in its node_modules. */
export interface Project {
  readonly folder: string;
  /** The package's own folder. */
  readonly home: string;
  /** Writes files, keyed by their paths in the project. */
  write(files: Readonly<Record<string, string>>): void;
  /** Runs a module of the project in a plain Node. */
  node(file: string, ...options: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }>;
  /** The compiler's errors for a module of the project, in strict mode with bundler resolution. */
  errorsIn(file: string, options?: object): Promise<string>;
  /** Links packages of this repository into the project. */
  link(...names: readonly string[]): void;
  remove(): void;
}

/** Packs one of the packages; returns the path of the tarball in `folder`. */
export async function pack(name: string, folder: string): Promise<string> {
  const cwd = `${root}dist/packages/${name}`;
  assert.ok(existsSync(`${cwd}/package.json`), 'dist/packages is missing: run `npm run build` first');
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], { cwd });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  return join(folder, filename);
}

/** Creates a project with `name` installed from its tarball; `omitsOptional`: without its optional dependencies. */
export async function createProject(
  name: string,
  { omitsOptional = false }: { readonly omitsOptional?: boolean } = {},
): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-package-'));
  const home = join(folder, 'node_modules', name);
  mkdirSync(home, { recursive: true });
  await run('tar', ['-xzf', await pack(name, folder), '--strip-components=1', '-C', home]);
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    readFileSync(join(home, 'package.json'), 'utf8'),
  ) as { dependencies?: object; optionalDependencies?: object };
  const project: Project = {
    folder,
    home,
    write(files) {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), text);
      }
    },
    node: (file, ...options) => run(process.execPath, [...options, join(folder, file)], { cwd: folder }),
    async errorsIn(file, options = {}) {
      const compilerOptions = {
        strict: true,
        module: 'esnext',
        moduleResolution: 'bundler',
        target: 'es2022',
        lib: ['es2023', 'dom', 'dom.iterable'],
        noEmit: true,
        types: [],
        ...options,
      };
      const config = `tsconfig.${file.replaceAll(/\W/g, '-')}.json`;
      project.write({ [config]: JSON.stringify({ compilerOptions, files: [file] }) });
      const tsc = [`${root}node_modules/typescript/bin/tsc`, '-p', join(folder, config)];
      return run(process.execPath, tsc).then(
        () => '',
        (error: { stdout: string }) => error.stdout,
      );
    },
    link(...names) {
      for (const dependency of names) {
        const at = join(folder, 'node_modules', dependency);
        mkdirSync(dirname(at), { recursive: true });
        symlinkSync(`${root}node_modules/${dependency}`, at);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  project.write({ 'package.json': '{"type":"module"}' });
  project.link(...Object.keys(omitsOptional ? dependencies : { ...dependencies, ...optionalDependencies }));
  return project;
}
