// What the shared operations need from a database. Each engine's folder implements it.

import type { Subscription } from '../outbox.js';
import type { Operation } from './operation.js';

/** One transaction. */
export interface Transaction {
  /** When it began, epoch milliseconds. */
  readonly now: number;
  /** Who wants to know what it changes; added by the shared methods, not by an engine. */
  readonly subscriptions?: readonly Subscription[];
  /** Rolls it back without an error; its result is returned nevertheless. */
  discard(): void;
}

/** A database as the store's methods use it. Every method rejects with `StoreUnavailable` when its result is not certain. */
export interface SqlDatabase {
  /** Reads; never waits for a writer. */
  read<Result>(work: (now: number) => Operation<Result>): Promise<Result>;
  /** One durable transaction: when the promise resolves, it is on the disk. `work` may run again when the transaction could not. */
  write<Result>(work: (transaction: Transaction) => Operation<Result>): Promise<Result>;
  /**
   * Like `write`, but a power failure may undo it, with everything that was written so after the last `write`, because it is not flushed. For
   * work that is then done again; never for what a call depends on. Everybody sees it at once, and nothing but a power failure undoes it.
   */
  writeRelaxed<Result>(work: (transaction: Transaction) => Operation<Result>): Promise<Result>;
  /** Between the transactions of a long job: takes some milliseconds for what they leave behind, so that it does not add up to seconds in the end. Never rejects. */
  catchUp(): Promise<void>;
  /**
   * Like `write`, and nothing else that consumes or refunds runs at the same time, in any process. `canRefuse`: it often ends without
   * changing anything, which is found out first, without keeping the others waiting.
   */
  writeAlone<Result>(
    work: (transaction: Transaction) => Operation<Result>,
    options?: { readonly canRefuse?: boolean },
  ): Promise<Result>;
  /** Something that must not be found again was deleted: it also disappears from the files of the database, as soon as no request is waiting. */
  purgeSoon(): void;
  /** The same, at once. */
  purge(): Promise<void>;
}
