// The setting of the sandbox's clock, which only the sandbox has.

import type { Reader } from './env-reader.js';

/** `SANDBOX_CLOCK` as epoch milliseconds. Beside a credential it is a mistake: real calls go by the true time. */
export function readSandboxClock(reader: Reader, sandbox: boolean): number | undefined {
  const expected = 'an instant such as 2026-03-29T00:30:00Z';
  const at = reader.optional('SANDBOX_CLOCK', expected, (text) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?Z$/.test(text) ? Date.parse(text) || undefined : undefined,
  );
  if (!sandbox && reader.text('SANDBOX_CLOCK') !== undefined)
    reader.note({
      code: 'not-supported',
      variable: 'SANDBOX_CLOCK',
      seen: 'set beside a credential',
      expected: 'nothing: real calls go by the true time',
    });
  return at;
}
