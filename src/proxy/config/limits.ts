// The settings of the allowances. Lowering is free; raising beyond what is shipped is possible and said at start; a misspelt
// name is a mistake, because a limit that is silently not in force is worse than none.

import { type Environment, type Reader, wholeNumber } from './env-reader.js';
import { type LimitName, limitNames, type Limits, limitSettings, limitsFor } from '../gates/limits.js';

/** The numbers in force, and which of them are above the shipped ones. */
export interface LimitsInForce {
  readonly values: Limits;
  /** Settings above the shipped number; empty in the sandbox, which is wider on purpose. */
  readonly raised: readonly { readonly setting: string; readonly shipped: number; readonly value: number }[];
}

/** Reads `LIMIT_*`. */
export function readLimits(reader: Reader, env: Environment, sandbox: boolean): LimitsInForce {
  const values: Record<LimitName, number> = { ...limitsFor(sandbox ? 'sandbox' : 'shipped') };
  const known = new Set(limitNames.map((name) => limitSettings[name].setting));
  for (const name of limitNames) {
    const { setting, strict } = limitSettings[name];
    // A strict allowance keeps each use; more than ten would be another kind of limit than the law's.
    const max = strict === true && !sandbox ? 10 : 1_000_000;
    const given = reader.optional(setting, `a whole number from 0 to ${String(max)}`, wholeNumber(0, max));
    if (given !== undefined) values[name] = given;
  }
  for (const variable of Object.keys(env)) {
    if (variable.startsWith('LIMIT_') && !known.has(variable))
      reader.note({ code: 'unknown-setting', variable, seen: 'set', expected: 'one of the settings of the table' });
  }
  const raised = limitNames.flatMap((name) => {
    const { setting, shipped } = limitSettings[name];
    return !sandbox && values[name] > shipped ? [{ setting, shipped, value: values[name] }] : [];
  });
  return { values, raised };
}
