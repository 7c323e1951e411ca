// The two forms of a refusal's body say the same. Mutation that turns it red: leave out a detail in `problemText`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { problemStatuses, type ProblemCode } from '../../../src/contract.js';
import type { Problem } from '../../../src/proxy/core/verdict.js';
import { problemBody, problemText } from '../../../src/proxy/http/problem.js';

const problems: fc.Arbitrary<Problem> = fc.record(
  {
    code: fc.constantFrom(...(Object.keys(problemStatuses) as ProblemCode[])),
    reason: fc.constantFrom('not-in-use', 'unsupported-type'),
    country: fc.string(),
    lengths: fc.array(fc.nat(15)),
    retryAfterSeconds: fc.nat(),
    slots: fc.array(fc.record({ at: fc.string(), zone: fc.string(), label: fc.string() })),
  },
  { requiredKeys: ['code'] },
) as fc.Arbitrary<object> as fc.Arbitrary<Problem>;

test('the text of a problem is the JSON of its body', () => {
  fc.assert(
    fc.property(problems, fc.string(), (problem, requestId) => {
      assert.equal(problemText(problem, requestId), JSON.stringify(problemBody(problem, requestId)));
    }),
  );
});
