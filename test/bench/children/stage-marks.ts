// Loaded into the built proxy before everything else: notes when each accepted call reaches a stage, and writes the durations to a file
// at exit. It only wraps what a call passes through; the proxy's code is as it ships.

import { writeFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { stages } from './stage-names.js';

interface Connection {
  exec(sql: string): unknown;
}

const require = createRequire(import.meta.url);
/** Both drivers that the store may choose (store/sqlite/driver.ts). */
const drivers = ['node:sqlite', 'libsql'].flatMap((name): { prototype: Connection }[] => {
  try {
    const loaded = require(name) as { DatabaseSync?: { prototype: Connection }; prototype: Connection };
    return [loaded.DatabaseSync ?? loaded];
  } catch {
    return [];
  }
});

const calls: number[][] = [];
let marks: number[] | undefined;
const mark = (): void => void marks?.push(performance.now());

for (const { prototype } of drivers) {
  const { exec } = prototype;
  prototype.exec = function timed(sql) {
    const isCommit = sql === 'COMMIT';
    if (isCommit || sql === 'BEGIN IMMEDIATE') mark();
    const result: unknown = exec.call(this, sql);
    if (isCommit) mark();
    return result;
  };
}

const send = http.request;
http.request = ((options: http.RequestOptions) => {
  const request = send(options);
  if (options.method !== 'POST') return request;
  const end = request.end.bind(request) as (body?: string) => http.ClientRequest;
  request.end = ((body?: string) => {
    const ended = end(body);
    mark();
    return ended;
  }) as typeof request.end;
  return request.once('response', mark);
}) as typeof http.request;
syncBuiltinESMExports();

const { emit } = http.Server.prototype;
http.Server.prototype.emit = function timed(this: http.Server, event: string | symbol, ...args: unknown[]) {
  const [incoming, outgoing] = args as [http.IncomingMessage, http.ServerResponse];
  if (event === 'request' && incoming.method === 'POST' && incoming.url === '/v1/calls') {
    const own: number[] = [];
    marks = own;
    mark();
    outgoing.once('prefinish', () => {
      mark();
      marks = undefined;
      // A poll that was committed in between has marks of its own: such a call is left out.
      if (own.length === stages.length + 1) calls.push(own.slice(1).map((at, index) => at - (own[index] ?? 0)));
    });
  }
  return Reflect.apply(emit, this, [event, ...args]) as boolean;
} as typeof emit;

process.once('exit', () => writeFileSync(process.env['BENCH_STAGES'] ?? '/dev/null', JSON.stringify(calls)));
