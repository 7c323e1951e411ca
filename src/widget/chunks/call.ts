// The lazy piece that asks for calls and follows them: loaded at the first touch, or at once when there is a call to come back
// to. The first load knows the form alone. It must not import Lit, nor load other pieces by itself.

import { type AskerOwner, CallAsker } from '../call/call-submission.js';
import { CallLine, type LineOwner } from '../call/call-session.js';
import { next } from '../call/call-machine.js';
import { PhoneParser } from '../phone/phone-parser.js';

/** What the engine needs of its controller. */
export type EngineOwner = AskerOwner & LineOwner;

/** All that one element needs of one proxy once somebody wants something. */
export interface CallEngine {
  readonly line: CallLine;
  readonly asker: CallAsker;
  readonly phone: PhoneParser;
  /** The whole machine. */
  readonly next: typeof next;
}

/** An engine for the proxy at `endpoint`. */
export function createEngine(endpoint: string, owner: EngineOwner): CallEngine {
  const line = new CallLine(endpoint, owner);
  return { line, asker: new CallAsker(owner, line), phone: new PhoneParser(), next };
}
