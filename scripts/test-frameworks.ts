// `npm run test:frameworks [name…]`: builds the examples of docs/frameworks/ as applications, each in an empty folder, from the packed
// element and the registry's frameworks. It needs the network and takes minutes, so it is not part of `npm test`.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
      'src/main.tsx':
        "import { createRoot } from 'react-dom/client';\nimport { Callback } from './Callback';\ncreateRoot(document.getElementById('app')!).render(<Callback />);\n",
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

const named = process.argv.slice(2);
const failures: string[] = [];
for (const name of named.length > 0 ? named : Object.keys(frameworks)) {
  const framework = frameworks[name];
  if (framework === undefined)
    throw new Error(`no framework "${name}"; there are ${Object.keys(frameworks).join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), `polyai-callback-${name}-`));
  try {
    buildApplication(framework, folder);
    console.log(`${name}: built`);
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    failures.push(name);
    console.error(`${name}: ${message}\n${stdout}\n${stderr}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
if (failures.length > 0) process.exitCode = 1;

function buildApplication(framework: Framework, folder: string): void {
  const { page, dependencies, files, moved = {}, commands, output, serverHtml } = framework;
  const run = (program: string, args: readonly string[], cwd = folder): string =>
    execFileSync(program, args, { cwd, encoding: 'utf8', stdio: 'pipe', env: { ...process.env, NODE_ENV: undefined } });
  const packed = run(
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
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']);
  for (const [program, ...args] of commands) run('npx', ['--no-install', program, ...args]);

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
