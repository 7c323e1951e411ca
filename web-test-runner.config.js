// The widget's tests in a real browser. `npm run test:widget -- --files 'test/widget/x.test.ts'` runs one file.

import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { findBrowser } from './test/support/browser.ts';
import { widgetReporter } from './test/support/widget-reporter.ts';

const { executablePath, args, env } = await findBrowser();

export default {
  files: 'test/widget/**/*.test.ts',
  rootDir: fileURLToPath(new URL('.', import.meta.url)),
  nodeResolve: { exportConditions: ['production'] },
  // The decorators of the sources need the compiler's own options.
  plugins: [
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('tsconfig.base.json', import.meta.url)),
    }),
  ],
  browsers: [chromeLauncher({ launchOptions: { executablePath, args: [...args], env: { ...env }, headless: true } })],
  // Tests in a tab that is not in front have no focus and slow timers: one at a time.
  concurrency: 1,
  browserStartTimeout: 60_000,
  testsStartTimeout: 60_000,
  testsFinishTimeout: 180_000,
  testFramework: { config: { ui: 'bdd', timeout: 20_000 } },
  reporters: [widgetReporter()],
};
