// Reports a run of the widget tests: each failure in full, and one summary line. Otherwise silent.

import type { Reporter, TestResult, TestSession, TestSuiteResult } from '@web/test-runner';

/** The reporter of web-test-runner.config.js; its last line is `widget: N passed, N failed, N skipped`. */
export function widgetReporter(): Reporter {
  return {
    onTestRunFinished({ sessions }) {
      let passed = 0;
      let failed = 0;
      let skipped = 0;
      for (const session of sessions) {
        const where = `${session.testFile.replace(/^.*\/test\//, 'test/')} [${session.browser.name}]`;
        for (const { path, test } of testsOf(session)) {
          if (test.skipped) skipped += 1;
          else if (test.passed) passed += 1;
          else {
            failed += 1;
            const { message = 'failed without a message', stack = '', expected, actual } = test.error ?? {};
            console.error(`\n✖ ${where}\n  ${path.join(' › ')}\n  ${message}`);
            if (expected !== undefined) console.error(`  expected: ${expected}\n  actual:   ${String(actual)}`);
            if (stack !== '') console.error(indent(stack));
          }
        }
        // A file that could not be loaded, or an error outside any test, is a failure too.
        if (session.errors.length > 0) {
          failed += 1;
          console.error(`\n✖ ${where}`);
          for (const error of session.errors) console.error(indent(`${error.message}\n${error.stack ?? ''}`));
        }
        const unheard = session.request404s.map(String);
        if (!session.passed && unheard.length > 0) console.error(indent(`not found: ${unheard.join(', ')}`));
        if (session.logs.length > 0) {
          console.error(`\n${where} wrote to the console:`);
          for (const line of session.logs) console.error(indent(line.map(String).join(' ')));
        }
      }
      // The runner's progress may be on this line, and whoever parses the summary expects it at the start of a line.
      console.log(`\nwidget: ${String(passed)} passed, ${String(failed)} failed, ${String(skipped)} skipped`);
    },
  };
}

interface NamedTest {
  readonly path: readonly string[];
  readonly test: TestResult;
}

function testsOf(session: TestSession): NamedTest[] {
  return session.testResults === undefined ? [] : testsIn(session.testResults, []);
}

function testsIn(suite: TestSuiteResult, above: readonly string[]): NamedTest[] {
  const path = suite.name === '' ? above : [...above, suite.name];
  return [
    ...suite.tests.map((test) => ({ path: [...path, test.name], test })),
    ...suite.suites.flatMap((inner) => testsIn(inner, path)),
  ];
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, '    ');
}
