// The widget's tests in real browsers. One file: `npm run test:widget -- --files test/widget/x.test.ts`.
// TEST_BROWSERS names engines (scripts/browser/engines.ts); without it Chromium alone, which needs no installation.

import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { launcherOf } from './scripts/browser/engines.ts';
import { widgetReporter } from './scripts/widget-reporter.ts';

const named = (process.env['TEST_BROWSERS'] ?? 'chromium').split(',');

export default {
  files: 'test/widget/**/*.test.ts',
  rootDir: fileURLToPath(new URL('.', import.meta.url)),
  nodeResolve: { exportConditions: ['production'] },
  plugins: [
    // The decorators of the sources need the compiler's own options.
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('tsconfig.base.json', import.meta.url)),
    }),
  ],
  browsers: await Promise.all(named.map(launcherOf)),
  // A tab that is not in front has no focus and slow timers: one at a time.
  concurrency: 1,
  browserStartTimeout: 60_000,
  testsStartTimeout: 60_000,
  testsFinishTimeout: 180_000,
  testFramework: { config: { ui: 'bdd', timeout: 20_000 } },
  reporters: [widgetReporter()],
};
