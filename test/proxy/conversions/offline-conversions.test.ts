// The file of offline conversions. Mutations that turn it red: drop the check of the outcome, the seconds or the click ID; leave out
// the quotation marks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConvertedCall, offlineConversions } from '../../../src/proxy/conversions/offline-conversions.js';

const call: ConvertedCall = {
  gclid: 'EAIaIQobChMI-example_01',
  answeredAt: Date.UTC(2026, 10, 26, 5, 4, 3),
  talkedSeconds: 30,
  outcome: 'completed',
};
const head = 'Parameters:TimeZone=+0000\nGoogle Click ID,Conversion Name,Conversion Time\n';

test('a qualified call with a click ID is one line', () => {
  assert.equal(
    offlineConversions([call], 'Callback', 30),
    `${head}EAIaIQobChMI-example_01,"Callback",2026-11-26 05:04:03\n`,
  );
});

test('short, missed and unmatched calls are left out', () => {
  const others: ConvertedCall[] = [
    { ...call, talkedSeconds: 29 },
    { ...call, outcome: 'no-answer' },
    { answeredAt: call.answeredAt, talkedSeconds: 90, outcome: 'completed' },
    { ...call, gclid: '=HYPERLINK("x")' },
    { ...call, gclid: '+14155550100' },
  ];
  assert.equal(offlineConversions(others, 'Callback', 30), head);
});

test('a name stays one field, and is never a formula', () => {
  assert.match(offlineConversions([call], '=1+1, "x"', 30), /,"1\+1, ""x""",2026/);
});
