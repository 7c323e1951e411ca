// The two npm packages in dist/packages: the element and the proxy. Their manifests are derived from package.json, the only place
// for versions and entries; their contents must have been built before.

import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dist, root } from '../paths.js';
import { copyDeclarations } from './declarations.js';
import { licensesOf, noticesOf } from './licenses.js';

/** package.json, as far as it is used here. */
interface RootManifest {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly keywords: readonly string[];
  readonly homepage: string;
  readonly repository: { readonly url: string };
  readonly bugs: object;
  readonly engines: object;
  readonly files: readonly string[];
  readonly exports: object;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** The manifest of a package. */
interface PackageManifest {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** package.json names this repository until the real one is known. Its links lead nowhere, and provenance cannot be attested. */
const placeholder = 'git+https://github.com/polyai-callback/polyai-callback.git';

/** What `npm publish` says while package.json names the placeholder; `undefined` once it names a real repository. */
export const publishRefusal = ({
  repository,
}: {
  readonly repository: { readonly url: string };
}): string | undefined =>
  repository.url === placeholder
    ? 'Not published: repository, homepage and bugs in package.json are placeholders. Set them to the real repository, run npm run build, then publish again.'
    : undefined;

/** The folder that contains both packages. */
export const packagesFolder: string = `${dist}packages/`;

/** Writes dist/packages/polyai-callback and dist/packages/polyai-callback-proxy. */
export async function buildPackages(): Promise<void> {
  const manifest = JSON.parse(await readFile(`${root}package.json`, 'utf8')) as RootManifest;
  await rm(packagesFolder, { recursive: true, force: true });
  await buildElement(manifest);
  await buildProxyPackage(manifest);
}

/** The fields that both manifests share. */
const common = ({ version, license, repository, homepage, bugs, keywords }: RootManifest): object => ({
  version,
  license,
  repository,
  homepage,
  bugs,
  keywords,
  type: 'module',
  publishConfig: { access: 'public', provenance: true },
});

async function buildElement(manifest: RootManifest): Promise<void> {
  const { files, exports, customElements, description, engines, dependencies } = manifest;
  const to = `${packagesFolder}polyai-callback/`;
  await mkdir(to, { recursive: true });
  for (const path of files) await cp(root + path, to + path, { recursive: true });
  await writePackage(to, manifest, {
    name: 'polyai-callback',
    description,
    ...common(manifest),
    engines,
    files: ['dist', 'licenses.txt'],
    // Not in package.json, where it would make this repository's own builds drop the sources.
    sideEffects: ['./dist/esm/widget/define.js', './dist/esm/widget/server/define.js'],
    exports,
    customElements,
    'web-types': manifest['web-types'],
    // An application that already uses Lit or libphonenumber-js should not get a second copy.
    dependencies: Object.fromEntries(Object.entries(dependencies).map(([name, version]) => [name, `^${version}`])),
  });
  const notices = noticesOf(
    await licensesOf('script'),
    'This package contains no third-party code. An application that bundles it also bundles',
  );
  await writeFile(`${to}licenses.txt`, notices);
}

async function buildProxyPackage(manifest: RootManifest): Promise<void> {
  const { engines, devDependencies } = manifest;
  const to = `${packagesFolder}polyai-callback-proxy/`;
  for (const folder of ['proxy', 'owner', 'widget', 'demo'])
    await cp(dist + folder, `${to}dist/${folder}`, { recursive: true });
  await cp(`${dist}licenses.txt`, `${to}dist/licenses.txt`);
  await writeFile(`${to}dist/proxy/create-proxy.js`, "export { createProxy } from './server.mjs';\n");
  const packages = await copyDeclarations('src/proxy', ['proxy/create-proxy'], `${to}dist/types/`);
  const untyped = [...packages].filter((name) => name !== 'hono');
  if (untyped.length > 0) throw new Error(`createProxy's types need ${untyped.join(', ')}`);
  const [honoMajor = ''] = devDependencies['hono']?.split('.') ?? [];
  await writePackage(to, manifest, {
    name: 'polyai-callback-proxy',
    description:
      'The proxy for <polyai-callback>: decides whether a phone may ring, and places the call with a PolyAI voice agent',
    ...common(manifest),
    engines,
    files: ['dist'],
    bin: { 'polyai-callback-proxy': 'dist/proxy/main.js' },
    sideEffects: false,
    exports: {
      '.': { types: './dist/types/proxy/create-proxy.d.ts', default: './dist/proxy/create-proxy.js' },
      './package.json': './package.json',
    },
    // Only for a Node without an SQLite of its own: with --omit=optional, a newer one runs without any native package.
    optionalDependencies: { libsql: devDependencies['libsql'] },
    // hono only for its types: whoever mounts the app already has it. pg only where DATABASE_URL names a PostgreSQL database.
    peerDependencies: { hono: `^${honoMajor}.0.0`, pg: `^${devDependencies['pg'] ?? ''}` },
    peerDependenciesMeta: { hono: { optional: true }, pg: { optional: true } },
  });
}

/** Writes the manifest, the license and the README, whose images and links must also work on the registry's page. */
async function writePackage(to: string, manifest: RootManifest, own: PackageManifest): Promise<void> {
  const refusal = publishRefusal(manifest);
  const scripts = refusal && { scripts: { prepublishOnly: `node -e "console.error('${refusal}');process.exit(1)"` } };
  await writeFile(`${to}package.json`, `${JSON.stringify({ ...own, ...scripts }, null, 2)}\n`);
  await cp(`${root}LICENSE`, `${to}LICENSE`);
  const readme = await readFile(`${root}docs/packages/${own.name}.md`, 'utf8');
  await writeFile(`${to}README.md`, withAbsoluteLinks(readme, manifest.repository.url));
}

/** Turns the relative links of a page in docs/packages/ into links to the repository. */
export function withAbsoluteLinks(markdown: string, repository: string): string {
  const page = repository.replace(/^git\+/, '').replace(/\.git$/, '');
  const raw = page.replace('https://github.com/', 'https://raw.githubusercontent.com/');
  return markdown.replace(
    /(!?)(\[[^\]]*\])\(((?!https?:|#|mailto:)[^)]+)\)/g,
    (_, picture: string, text: string, path: string) => {
      const target = new URL(path, 'file:///docs/packages/').pathname;
      return `${picture}${text}(${picture === '!' ? `${raw}/main` : `${page}/blob/main`}${target})`;
    },
  );
}
