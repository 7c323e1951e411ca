// `webhooks list` and `webhooks replay`: messages that could not be delivered, and sending them again. They only change the database; a running
// proxy does the sending.

import type { DeadLetter, DeadLetterFilter, Outbox } from '../store/outbox.js';

/** Dependencies of the commands. */
export interface WebhookCommandDeps {
  readonly store: Pick<Outbox, 'deadLetters' | 'replayDeadLetters'>;
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly print: (line: string) => void;
  readonly note: (line: string) => void;
}

const mostListed = 1_000;

/** Runs one of them and returns the exit code. */
export async function runWebhookCommand(
  words: readonly string[],
  { store, options, print, note }: WebhookCommandDeps,
): Promise<0 | 2> {
  const [command = 'list', ...more] = words;
  const { endpoint, id } = options;
  const filter: DeadLetterFilter = {
    ...(typeof endpoint === 'string' && { endpoint }),
    ...(typeof id === 'string' && { id }),
  };
  if (more.length === 0 && command === 'list') {
    const letters = await store.deadLetters(filter, mostListed);
    for (const letter of letters) print(options['json'] === true ? JSON.stringify(shown(letter)) : lineOf(letter));
    note(`${String(letters.length)} undelivered${letters.length === mostListed ? ' (the newest)' : ''}.`);
    return 0;
  }
  if (more.length === 0 && command === 'replay') {
    const replayed = await store.replayDeadLetters(filter);
    print(`${String(replayed)} will be sent again by the running proxy.`);
    return 0;
  }
  note('webhooks takes list or replay.');
  return 2;
}

const shown = ({ at, deadAt, ...letter }: DeadLetter): Readonly<Record<string, unknown>> => ({
  ...letter,
  at: new Date(at).toISOString(),
  deadAt: new Date(deadAt).toISOString(),
});

const lineOf = ({ endpoint, id, event, at, attempts, error }: DeadLetter): string =>
  [new Date(at).toISOString(), endpoint, event, `${String(attempts)} attempts`, error, id].join('  ');
