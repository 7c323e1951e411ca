// The CLI commands for one number: `suppress`, `unsuppress`, `export`, `erase`. They use only the database, whether or not a
// proxy is running.

import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { canonicalNumber } from '../secrets/canonical-number.js';
import type { Keyring } from '../secrets/keyring.js';
import type { Store } from '../store/store.js';

/** The commands. */
export const operatorCommands = ['suppress', 'unsuppress', 'export', 'erase'] as const;
/** One of {@link operatorCommands}. */
export type OperatorCommand = (typeof operatorCommands)[number];

/** The commands, for `--help`. */
export const commandsHelp = `Commands for one number, such as +14155550100; they work whether or not a proxy is running:
  suppress <number>     Never call this number. Scheduled calls to it are canceled.
  unsuppress <number>   Allow calls to this number again.
  export <number>       Print everything that is stored about this number, as JSON.
  erase <number>        Delete everything that is stored about this number, except that it is suppressed.`;

/** True for one of the commands. */
export const isOperatorCommand = (word: string | undefined): word is OperatorCommand =>
  (operatorCommands as readonly (string | undefined)[]).includes(word);

/** What a command needs. */
export interface OperatorDeps {
  readonly store: Pick<Store, 'suppress' | 'unsuppress' | 'exportNumber' | 'eraseNumber'>;
  readonly keyring: Pick<Keyring, 'numberKeys'>;
  readonly print: (text: string) => void;
}

/** Runs one command and returns the exit code. Never prints the number: terminals are logged too. */
export async function runOperator(
  command: OperatorCommand,
  text: string | undefined,
  { store, keyring, print }: OperatorDeps,
): Promise<0 | 2> {
  const number = parsePhoneNumberFromString(canonicalNumber(text ?? ''), { extract: false });
  if (number === undefined || text?.startsWith('+') !== true || !number.isPossible()) {
    print(`Usage: ${command} <number>, with the number in international form, such as +442079460958.`);
    return 2;
  }
  const keys = keyring.numberKeys(number.number);
  switch (command) {
    case 'suppress':
      await store.suppress(keys, 'operator');
      print('The number will not be called. Scheduled calls to it were canceled.');
      return 0;
    case 'unsuppress':
      await store.unsuppress(keys);
      print('The number may be called again.');
      return 0;
    case 'export':
      print(JSON.stringify(await store.exportNumber(keys), null, 2));
      return 0;
    case 'erase': {
      const calls = await store.eraseNumber(keys);
      print(
        `Deleted ${String(calls)} calls and everything stored with them. If the number is suppressed, it stays suppressed.`,
      );
      return 0;
    }
  }
}
