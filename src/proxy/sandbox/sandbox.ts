// What is different without a credential: calls go to the built-in stand-in, no real phone can ring, and its test numbers
// show every phase. The stand-in itself is started by main.ts.

import type { Site } from '../../contract.js';
import type { AllowanceGate } from '../gates/rate-limit.js';
import type { Consumption } from '../store/store.js';
import type { SandboxClock } from './sandbox-clock.js';

/** The sandbox's own facts, which come from the stand-in. */
export interface Sandbox {
  /** Listed on the page. */
  readonly testNumbers: NonNullable<Site['testNumbers']>;
  /** Countries of the test numbers, ISO 3166-1 alpha-2. */
  readonly countries: readonly string[];
  /** Asking for this one shows the refusal that a visitor at the limit gets. */
  readonly limitedNumber: string;
  /** The clock that can be set. */
  readonly clock?: SandboxClock;
}

/** Refuses everybody, as an address at its limit is refused. */
const nothingLeft: Consumption = {
  scope: 'address',
  key: 'sandbox',
  rule: { kind: 'strict', limit: 0, windowMs: 3_540_000 },
};

/** A gate at which one number finds its visitor's allowance used up; for every other number it is `gate`. */
export function limitingOneNumber(gate: AllowanceGate, limitedNumber: string): AllowanceGate {
  return {
    ...gate,
    async forCall(counted) {
      const { consumptions, ...rest } = await gate.forCall(counted);
      const isLimited = counted.number.e164 === limitedNumber;
      return { ...rest, consumptions: isLimited ? [nothingLeft, ...consumptions] : consumptions };
    },
  };
}
