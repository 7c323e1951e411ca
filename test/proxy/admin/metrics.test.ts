// The second line of defense: even if a caller passes something it should not, it appears in no metric and no log line.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMetrics } from '../../../src/proxy/admin/metrics.js';
import type { Method, Operation, Route } from '../../../src/proxy/admin/observer.js';
import { readConfig } from '../../../src/proxy/config/config.js';
import { limitsFor } from '../../../src/proxy/gates/limits.js';
import { openProxy } from '../../../src/proxy/open-proxy.js';

test('values outside the lists are counted as other', async (t) => {
  const canary = '+14155550177' as Method & Route;
  const metrics = createMetrics({
    api: 'connector',
    origins: ['https://www.example.com'],
    limits: limitsFor('shipped'),
    openStreams: () => 0,
    isCredentialRefused: () => false,
    isDraining: () => false,
    taken: () => Promise.reject(new Error('the store is down')),
  });
  t.after(() => metrics.close());
  const { observer, scrape } = metrics;
  const operations = [
    { kind: 'request', method: canary, route: canary },
    { kind: 'trigger' },
    { kind: 'status' },
    { kind: 'store', verb: canary },
  ] as unknown as Operation[];
  for (const operation of operations)
    await observer.around(
      operation,
      () => Promise.resolve(1),
      () => canary,
    );
  observer.note({ kind: 'reserved', site: 'https://evil.example', when: 'now' });
  observer.note({ kind: 'refused', code: canary as never });
  observer.note({ kind: 'limited', scope: canary as never });
  observer.note({ kind: 'ended', status: canary as never });
  const text = await scrape();
  assert.doesNotMatch(text, /4155550177|evil/);
  assert.match(text, /site="other"/);
  // A store that is down leaves a gap, not an error.
  assert.match(text, /^polyai_callback_calls_in_flight NaN$/im);
});

test('every counter that an alert watches is at zero before its first event', async (t) => {
  const metrics = createMetrics({
    api: 'connector',
    origins: ['https://www.example.com'],
    limits: limitsFor('shipped'),
    openStreams: () => 0,
    isCredentialRefused: () => false,
    isDraining: () => false,
    taken: () => Promise.resolve(0),
  });
  t.after(() => metrics.close());
  const text = await metrics.scrape();
  for (const series of [
    'triggers_total{outcome="failed"}',
    'triggers_total{outcome="accepted"}',
    'store_failures_total{verb="reserve"}',
    'calls_ended_total{ended="unknown"}',
    'refusals_total{code="visitor-limit"}',
    'limited_total{scope="address"}',
    'status_requests_total{result="denied"}',
    'calls_reserved_total{site="https://www.example.com",when="now"}',
  ])
    assert.ok(text.includes(`polyai_callback_${series} 0\n`), series);
});

test('the admin token would be redacted', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-metrics-'));
  const lines: string[] = [];
  const token = 'canary-token-1234';
  const config = readConfig({ DATABASE_URL: `file:${folder}/x.db`, ADMIN_LISTEN: '0', ADMIN_TOKEN: token });
  const proxy = await openProxy(config, { writeLog: (line) => lines.push(line) });
  t.after(async () => {
    await proxy.close();
    rmSync(folder, { recursive: true, force: true });
  });
  proxy.log.warn('test', { text: `Bearer ${token}` });
  assert.match(lines.join('\n'), /Bearer \[secret\]/);
  assert.doesNotMatch(lines.join('\n'), /canary/);
});
