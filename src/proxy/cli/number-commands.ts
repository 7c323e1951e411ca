// The commands for one number: `suppress`, `unsuppress`, `export`, `erase`. They use only the database, whether or not a
// proxy is running.

import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { canonicalNumber } from '../secrets/canonical-number.js';
import type { Keyring } from '../secrets/keyring.js';
import { openAttribution } from '../calls/attribution.js';
import { outcomeIn } from '../owner/call-records.js';
import type { NumberExport, Store } from '../store/store.js';

/** The commands. */
export type NumberCommand = 'suppress' | 'unsuppress' | 'export' | 'erase';

/** Dependencies of a command. */
export interface NumberCommandDeps {
  readonly store: Pick<Store, 'suppress' | 'unsuppress' | 'exportNumber' | 'eraseNumber'>;
  readonly keyring: Pick<Keyring, 'numberKeys' | 'open' | 'seal'>;
  /** True where an endpoint receives numbers. */
  readonly sealsNumbers: boolean;
  readonly print: (text: string) => void;
  /** Receives what is wrong with the command line; goes to standard error. */
  readonly note: (text: string) => void;
}

/** Runs one command and returns the exit code. Never prints the number: terminals are logged too. */
export async function runNumberCommand(
  command: NumberCommand,
  text: string | undefined,
  { store, keyring, sealsNumbers, print, note }: NumberCommandDeps,
): Promise<0 | 2> {
  const number = parsePhoneNumberFromString(canonicalNumber(text ?? ''), { extract: false });
  if (number === undefined || text?.startsWith('+') !== true || !number.isPossible()) {
    note(`Usage: ${command} <number>, with the number in international form, such as +442079460958.`);
    return 2;
  }
  const keys = keyring.numberKeys(number.number);
  switch (command) {
    case 'suppress':
      await store.suppress(keys, 'operator', undefined, sealsNumbers ? keyring.seal(number.number) : undefined);
      print('The number will not be called, nor will callbacks that are already scheduled to it.');
      return 0;
    case 'unsuppress':
      await store.unsuppress(keys);
      print('The number may be called again. Callbacks that were scheduled before will not be placed.');
      return 0;
    case 'export': {
      const { calls, ...exported } = await store.exportNumber(keys);
      const readable = calls.map((call) =>
        Object.assign({}, call, {
          outcome: outcomeIn({ call }, keyring),
          attribution: call.attribution && attributionIn(call.attribution, keyring),
        }),
      );
      print(JSON.stringify({ ...exported, calls: readable }, null, 2));
      return 0;
    }
    case 'erase': {
      const calls = await store.eraseNumber(keys);
      print(
        `Deleted ${String(calls)} calls and everything stored with them. If the number is suppressed, it stays suppressed.`,
      );
      return 0;
    }
  }
}

/** Where a call came from, with click IDs as the page sent them. */
function attributionIn(
  attribution: NonNullable<NumberExport['calls'][number]['attribution']>,
  keyring: Pick<Keyring, 'open'>,
): object {
  try {
    return openAttribution(keyring, attribution);
  } catch {
    const { sealed: _, ...campaign } = attribution;
    return { ...campaign, unreadable: 'encrypted with a key that is no longer configured' };
  }
}
