// `npm run dev`: the proxy from its sources, restarted when they change, and the widget rebuilt when its sources change.
// The browser gets the shipped files, minified and hashed; reload the page to see a change.

import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { root } from './paths.js';

const tsx = `${root}node_modules/tsx/dist/cli.mjs`;

await build(['script', 'demo', 'owner']);
const proxy = spawn(process.execPath, [tsx, 'watch', '--clear-screen=false', 'src/proxy/main.ts'], {
  cwd: root,
  stdio: 'inherit',
});
proxy.on('close', (code) => process.exit(code ?? 0));
process.on('SIGTERM', () => proxy.kill('SIGTERM'));

let pending: NodeJS.Timeout | undefined;
let steps = new Set<string>();
rebuildOnChange('src/widget', 'script');
rebuildOnChange('src/contract.ts', 'script');
rebuildOnChange('demo', 'demo');
rebuildOnChange('src/proxy/owner/page', 'owner');

/** Editors write a file several times: one build for all changes within a tenth of a second. */
function rebuildOnChange(path: string, step: string): void {
  watch(root + path, { recursive: true }, () => {
    steps.add(step);
    clearTimeout(pending);
    pending = setTimeout(() => {
      const now = [...steps];
      steps = new Set();
      void build(now);
    }, 100);
  });
}

/** Builds in a separate process, so that an error in a source ends the build and not this watcher. */
async function build(named: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [tsx, 'scripts/build.ts', ...named], { cwd: root, stdio: 'inherit' });
  await new Promise((resolve) => child.on('close', resolve));
}
