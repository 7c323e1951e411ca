// Builds what `import 'polyai-callback'` loads: unminified ES modules with types, dependencies left to the importer.

import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { build } from 'vite';
import { minifyTemplates } from './minify-templates.js';
import { dist, root } from './paths.js';
import { widgetTarget } from './targets.js';

/** Builds dist/esm (modules and declarations). */
export async function buildWidgetPackage(): Promise<void> {
  const { dependencies } = JSON.parse(await readFile(`${root}package.json`, 'utf8')) as { dependencies: object };
  const external = Object.keys(dependencies);
  await rm(`${dist}esm`, { recursive: true, force: true });
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    define: { __POLYAI_CALLBACK_FILES__: '{}' },
    plugins: [minifyTemplates()],
    build: {
      // Library mode, because an importer's bundler minifies and preloads by itself.
      lib: { entry: [`${root}src/widget/polyai-callback.ts`, `${root}src/widget/define.ts`], formats: ['es'] },
      outDir: `${dist}esm`,
      emptyOutDir: true,
      target: widgetTarget,
      minify: false,
      rolldownOptions: {
        external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)),
        output: {
          preserveModules: true,
          preserveModulesRoot: `${root}src`,
          // What the compiler adds (the decorators' helper) would be named after a folder of its version.
          entryFileNames: ({ name }) => (name.startsWith('_virtual/') ? `helpers/${basename(name)}.js` : '[name].js'),
        },
      },
    },
  });
  await copyDeclarations();
}

/** The declarations come from the compiler's own build, so that package and type check cannot differ. */
async function copyDeclarations(): Promise<void> {
  await run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b', 'src/widget']);
  const from = `${root}.cache/tsc/src/`;
  const files = (await readdir(from, { recursive: true })).map((file) => file.replaceAll('\\', '/'));
  for (const file of files) {
    if (!file.endsWith('.d.ts') || !(file === 'contract.d.ts' || file.startsWith('widget/'))) continue;
    // A declaration left over from a source that is gone is not part of the package.
    const source = await readFile(`${root}src/${file.replace(/\.d\.ts$/, '.ts')}`).catch(() => null);
    if (source === null) continue;
    await mkdir(dirname(`${dist}esm/${file}`), { recursive: true });
    await cp(from + file, `${dist}esm/${file}`);
  }
}

/** Writes dist/custom-elements.json, which editors and catalogues read. Its paths are those of the package. */
export async function buildManifest(): Promise<void> {
  await mkdir(dist, { recursive: true });
  const analyzer = `${root}node_modules/@custom-elements-manifest/analyzer/cem.js`;
  const globs = ['--globs', 'src/widget/**/*.ts'];
  await run(process.execPath, [analyzer, 'analyze', '--litelement', '--quiet', ...globs, '--outdir', 'dist']);
  const file = `${dist}custom-elements.json`;
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/"\/?src\/(widget\/[^"]+)\.(?:ts|js)"/g, '"dist/esm/$1.js"'));
}

/** Runs a program to its end in the repository's root; throws when it fails. Its errors go to ours, its chatter nowhere. */
async function run(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}\n${output}`);
}
