// The queries of the dashboard and the alert rules, by Prometheus's own grammar and, where Debian's `prometheus` is installed, by promtool: every
// rule is accepted, and fires on its series and not before. admin.test.ts checks their metrics and labels against a real scrape.
// Mutations that turn it red: drop a parenthesis in a query; rename an alert; raise a threshold of alerts.yml.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const operations = `${root}docs/operations/`;
const alertsFile = `${operations}alerts.yml`;
const testsFile = fileURLToPath(new URL('fixtures/alerts.yml', import.meta.url));

interface Alerts {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}
interface RuleTests {
  readonly tests: readonly {
    readonly promql_expr_test: readonly { readonly expr: string; readonly exp_samples?: readonly unknown[] }[];
  }[];
}

const rules = (parse(readFileSync(alertsFile, 'utf8')) as Alerts).groups.flatMap((group) => group.rules);

/** Where a query is no PromQL; empty if it is. */
function mistakesIn(query: string): string[] {
  const mistakes: string[] = [];
  // Grafana replaces its variables before it sends a query.
  const text = query.replaceAll('$__rate_interval', '5m');
  parser.parse(text).iterate({
    enter: ({ type, from }) => {
      if (type.isError) mistakes.push(`${text}: at ${String(from)}`);
    },
  });
  return mistakes;
}

test('every query of the dashboard and the alert rules is PromQL', () => {
  const dashboard = JSON.parse(readFileSync(`${operations}grafana-dashboard.json`, 'utf8')) as {
    panels: readonly { targets?: readonly { expr: string }[] }[];
  };
  const queries = [
    ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ...rules.map(({ expr }) => expr),
  ];
  assert.ok(queries.length > 25, 'hardly any query');
  assert.deepEqual(queries.flatMap(mistakesIn), []);
  assert.notDeepEqual(mistakesIn('sum(rate(x[5m])'), [], 'a missing parenthesis is not noticed');
});

test('each alert has a case in which it fires; in one case with traffic none does', () => {
  const { tests } = parse(readFileSync(testsFile, 'utf8')) as RuleTests;
  const cases = tests.flatMap(({ promql_expr_test }) => promql_expr_test);
  const firing = cases.filter(({ exp_samples: samples = [] }) => samples.length > 0).map(({ expr }) => expr);
  for (const { alert } of rules)
    assert.ok(
      firing.some((expr) => expr.includes(`"${alert}"`)),
      `${alert} never fires`,
    );
  assert.ok(
    cases.some(({ expr, exp_samples: samples = [] }) => expr === 'ALERTS{alertstate="firing"}' && samples.length === 0),
    'no quiet case',
  );
});

for (const [name, ...args] of [
  ['promtool accepts the alert rules', 'check', 'rules', alertsFile],
  ['each alert fires on the series that it is for, and not before', 'test', 'rules', testsFile],
] as const)
  test(name, async (t) => {
    if (!hasPromtool(t)) return;
    await promisify(execFile)('promtool', args).catch((error: { stdout: string; stderr: string }) => {
      assert.fail(`${error.stdout}\n${error.stderr}`);
    });
  });

function hasPromtool(t: TestContext): boolean {
  const isThere = existsSync('/usr/bin/promtool');
  if (!isThere) t.skip('no promtool: install Debian’s package prometheus');
  return isThere;
}
