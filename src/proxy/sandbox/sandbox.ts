// What differs without a credential: calls go to the built-in fake of PolyAI, no real phone can ring, and its test numbers
// demonstrate every phase. main.ts starts the fake itself.

import type { Site } from '../../contract.js';
import type { AllowanceGate } from '../gates/rate-limit.js';
import type { Consumption } from '../store/store.js';
import type { SandboxClock } from './sandbox-clock.js';

/** The sandbox's data, which comes from the fake. */
export interface Sandbox {
  /** Listed on the page. */
  readonly testNumbers: NonNullable<Site['testNumbers']>;
  /** Countries of the test numbers, ISO 3166-1 alpha-2. */
  readonly countries: readonly string[];
  /** Requesting a call to this number shows the refusal that a visitor at the limit gets. */
  readonly limitedNumber: string;
  /** The clock that can be set. */
  readonly clock?: SandboxClock;
}

/** Refuses every request, as for an address at its limit. */
const nothingLeft: Consumption = {
  scope: 'address',
  key: 'sandbox',
  rule: { kind: 'strict', limit: 0, windowMs: 3_540_000 },
};

/** A gate that refuses one number as if the visitor's allowance were used up; for every other number it is `gate`. */
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
