// The size budget: what a page downloads, in bytes of brotli at quality 11. Run after a build; fails above a budget.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { metadataSlice } from './metadata-slice.js';

const kb = 1000;

/** A budget line: what is downloaded together, and how much it may weigh. */
interface Budget {
  readonly what: string;
  readonly limit: number;
  readonly parts: readonly Uint8Array[];
}

const slice = await metadataSlice(['US', 'GB', 'DE', 'FR', 'ES']);
const budgets: readonly Budget[] = [
  { what: 'first load: polyai-callback.js', limit: 15 * kb, parts: [built('polyai-callback.js')] },
  {
    what: slice === null ? 'first focus: phone chunk' : 'first focus: phone chunk + 5-country slice',
    limit: 14 * kb,
    parts: [built('polyai-callback-phone.js'), ...(slice === null ? [] : [slice])],
  },
  { what: 'first typing: challenge solver', limit: 3 * kb, parts: [built('polyai-callback-challenge.js')] },
];

const rows = budgets.map(({ what, limit, parts }) => {
  const br = sum(parts.map((part) => brotliCompressSync(part).byteLength));
  const gz = sum(parts.map((part) => gzipSync(part, { level: 9 }).byteLength));
  return { what, br, gz, limit, ok: br <= limit };
});
const width = Math.max(...rows.map(({ what }) => what.length));
console.log(`${'size'.padEnd(width)}   br     gz     budget (br, bytes)`);
for (const { what, br, gz, limit, ok } of rows) {
  const cells = [br, gz, limit].map((value) => String(value).padStart(6));
  console.log(`${what.padEnd(width)} ${cells.join(' ')} ${ok ? 'ok' : 'OVER BUDGET'}`);
}
if (rows.some(({ ok }) => !ok)) process.exitCode = 1;

function built(file: string): Uint8Array {
  return readFileSync(fileURLToPath(new URL(`../../dist/widget/${file}`, import.meta.url)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
