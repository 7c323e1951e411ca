// A random key for the sealed request of each waiting callback, in a row of its own. Both are deleted when the callback is placed or ends,
// so that neither can be read from the table afterwards, even with the proxy's own keys. What the database's log, its replicas and its
// backups still hold is described in docs/operations/postgresql.md.

import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { SqlDatabase } from '../sql/database.js';
import { all, type Operation, run, type Statement } from '../sql/operation.js';
import { placeholders } from '../sql/value-rows.js';

const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

/** Encrypts a sealed request once more, and returns the statement that stores the key. */
export function sealUnderRowKey(
  callId: string,
  sealed: string,
  random: (size: number) => Uint8Array,
): { readonly sealed: string; readonly storeKey: Statement<number> } {
  const key = random(keyBytes);
  const nonce = random(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(callId));
  const content = Buffer.concat([nonce, cipher.update(sealed, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    sealed: content.toString('base64url'),
    storeKey: run('INSERT INTO row_keys (call_id, key) VALUES (?, ?)', [
      callId,
      Buffer.from(key).toString('base64url'),
    ]),
  };
}

function open(callId: string, sealed: string, key: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64url'), bytes.subarray(0, nonceBytes))
    .setAAD(Buffer.from(callId))
    .setAuthTag(bytes.subarray(-tagBytes));
  return decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
}

/** The sealed requests of the given calls, by id; one whose key is gone is left out. */
export async function openRowKeys(
  database: Pick<SqlDatabase, 'read'>,
  sealed: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const ids = [...sealed.keys()];
  if (ids.length === 0) return new Map();
  const rows = await database.read(() => readKeys(ids));
  const opened = new Map<string, string>();
  for (const { id, call_id: sealedFor, key } of rows) {
    try {
      opened.set(id, open(sealedFor, sealed.get(id) ?? '', key));
    } catch {
      // Damaged: as if the key were gone.
    }
  }
  return opened;
}

/** While a second attempt is only planned, its sealed request is with the first call, under the key of the second. */
function* readKeys(
  ids: readonly string[],
): Operation<readonly { readonly id: string; readonly call_id: string; readonly key: string }[]> {
  return yield* all<{ id: string; call_id: string; key: string }>(
    `SELECT calls.id, row_keys.call_id, row_keys.key FROM calls
       JOIN row_keys ON row_keys.call_id IN (calls.id, calls.redial::json ->> 'callId')
     WHERE calls.id IN (${placeholders(ids.length)})`,
    ids,
  );
}
