// A fake of all three generations of PolyAI's outbound calling API, over real HTTP: the exact paths, headers, bodies and error
// statuses, with nothing behind them. No phone ever rings. Tests and the demo share it; every response identifies it (`Server`,
// `client_env`).

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Dialect, dialectsOf, type FakeAccounts } from './fake-polyai/dialects.js';
import { misbehave } from './fake-polyai/faults.js';
import { errorAnswer, type Fault, type Script } from './fake-polyai/script.js';
import { numberOfScript, scriptByNumber, scriptOf } from './fake-polyai/test-numbers.js';

export { endsIn, errorAnswer, slowed, statusFault } from './fake-polyai/script.js';
export type { Fault, Script } from './fake-polyai/script.js';
export { faultNumbers, limitTestNumber, testNumbers } from './fake-polyai/test-numbers.js';

/** Options of the fake. */
export interface FakePolyAiOptions extends FakeAccounts {
  /** How many times faster than its script a call proceeds; default 1. */
  readonly timeScale?: number;
  /** Epoch milliseconds; default the machine's. */
  readonly now?: () => number;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Receives one line for every request; default silent. Numbers are not in it. */
  readonly log?: (line: string) => void;
}

/** A trigger request that was read in full and carried the right credential. */
export interface Trigger {
  readonly number: string;
  readonly metadata?: unknown;
  /** Epoch milliseconds on the fake's clock. */
  readonly at: number;
  /** True when, were this PolyAI, a phone would ring. */
  readonly rings: boolean;
}

/** A running fake. */
export interface FakePolyAi {
  /** `http://127.0.0.1:port`, no trailing slash. */
  readonly url: string;
  /** Every trigger so far, oldest first. */
  triggers(): readonly Trigger[];
  /** How many status requests were answered or made to fail. */
  statusRequests(): number;
  /** The fake's clock, epoch milliseconds. */
  now(): number;
  /** Sets the clock, which continues from there. */
  setClock(epochMs: number): void;
  /** Moves the clock forward. */
  advance(ms: number): void;
  /** Sets another script for a number, for calls triggered from now on. */
  script(number: string, script: Script): void;
  /** Makes the next request of that kind fail, whatever its number; several are queued. */
  failNext(request: 'trigger' | 'status', fault: Fault): void;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

interface Call {
  readonly id: string;
  readonly dialect: Dialect;
  /** Which of the accepted credentials placed it. */
  readonly credential: string;
  readonly createdAt: number;
  readonly script: Script;
}

/** Ended calls are forgotten after about two hours (PolyAI's documentation). */
const keptMs = 2 * 60 * 60 * 1_000;
const ended = ['completed', 'failed', 'no-answer', 'busy', 'cancelled'];

/** Starts the fake on loopback. */
export const createFakePolyAi = async (options: FakePolyAiOptions): Promise<FakePolyAi> => {
  const { timeScale = 1, now: machine = Date.now, log = () => {} } = options;
  const dialects = dialectsOf(options);
  const calls = new Map<string, Call>();
  const triggers: Trigger[] = [];
  const overrides = new Map<string, Script>();
  const queued: Record<'trigger' | 'status', Fault[]> = { trigger: [], status: [] };
  let offset = 0;
  let statusRequests = 0;

  const now = (): number => machine() + offset;
  const startOf = (call: Call, atMs: number): number => call.createdAt + atMs / timeScale;

  /** Applies a fault in the format of one generation. */
  const fail = (fault: Fault, response: ServerResponse, right: string, dialect: Dialect): void => {
    if (fault.kind === 'id') return json(response, 200, JSON.stringify(dialect.accepted(fault.id)));
    if (fault.kind !== 'answer' || fault.own === undefined) return misbehave(fault, response, right);
    const body = JSON.stringify(dialect.error(fault.own.error, fault.own.code));
    misbehave({ ...fault, body }, response, right);
  };

  const trigger = async (
    request: IncomingMessage,
    response: ServerResponse,
    dialect: Dialect,
    credential: string,
  ): Promise<void> => {
    const planned = queued.trigger.shift();
    if (planned?.kind === 'reset-unread') return fail(planned, response, '', dialect);
    const body = parseObject(await readAll(request));
    const parsed = typeof body === 'string' ? { wrong: body, httpStatus: 400 as const } : dialect.parseTrigger(body);
    if ('wrong' in parsed) {
      const code = parsed.httpStatus === 400 ? 'bad_request' : 'not_found';
      return fail(errorAnswer(parsed.httpStatus, parsed.wrong, code), response, '', dialect);
    }
    const script = overrides.get(parsed.number) ?? scriptOf(parsed.number);
    const fault = planned ?? script.trigger;
    const rings = fault === undefined || script.rings !== false;
    triggers.push({ ...parsed, at: now(), rings });
    const call: Call = { id: idOf(now(), script), dialect, credential, createdAt: now(), script };
    if (rings) calls.set(call.id, call);
    const right = JSON.stringify(dialect.accepted(call.id));
    if (fault !== undefined) return fail(fault, response, right, dialect);
    json(response, 200, right);
  };

  const status = (response: ServerResponse, dialect: Dialect, credential: string, id: string): void => {
    statusRequests += 1;
    const planned = queued.status.shift();
    if (planned !== undefined) return fail(planned, response, '{}', dialect);
    if (!/^OUT-[A-Za-z0-9-]{1,80}$/.test(id)) {
      return fail(errorAnswer(400, 'malformed call_sid', 'bad_request'), response, '', dialect);
    }
    const call = calls.get(id) ?? described(id, dialect, credential);
    const passed = call?.script.steps.filter((step) => startOf(call, step.atMs) <= now()) ?? [];
    const newest = passed.at(-1);
    const gone =
      call === undefined ||
      newest === undefined ||
      call.dialect !== dialect ||
      call.credential !== credential ||
      (ended.includes(newest.status) && now() - startOf(call, newest.atMs) > keptMs);
    if (gone) return fail(errorAnswer(dialect.unknownCall, 'call not found', 'not_found'), response, '', dialect);
    const right = JSON.stringify(
      dialect.status({
        id: call.id,
        connectorId: credential,
        createdAt: iso(call.createdAt),
        status: newest.status,
        updatedAt: iso(startOf(call, newest.atMs)),
        history: passed.map((step) => ({ status: step.status, at: iso(startOf(call, step.atMs)) })),
      }),
    );
    const { statusFault } = call.script;
    const isFaulty =
      statusFault !== undefined && (statusFault.forMs === undefined || startOf(call, statusFault.forMs) > now());
    if (isFaulty) return fail(statusFault.fault, response, right, dialect);
    json(response, 200, right);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('Server', 'fake-polyai');
    response.setHeader('X-Stand-In', 'no real phone rings');
    const { method = '', url: path = '', headers } = request;
    for (const dialect of dialects) {
      const requested = dialect.read(method, path);
      if (requested === undefined) continue;
      log(`fake PolyAI: ${requested.kind}`);
      const given = headers[dialect.credentialHeader];
      const credential = dialect.credentials.find((one) => one !== undefined && one === given);
      if (credential === undefined)
        return fail(errorAnswer(401, 'unauthorized', 'unauthorized'), response, '', dialect);
      if (requested.kind === 'trigger') return trigger(request, response, dialect, credential);
      return status(response, dialect, credential, requested.id);
    }
    log('fake PolyAI: unknown route');
    return misbehave(
      { kind: 'answer', status: 404, body: '{"error":"no such route","code":"not_found"}' },
      response,
      '',
    );
  };

  const server = createServer((request, response) => {
    // A client that hangs up while its body is read is not an error of the fake.
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    triggers: () => [...triggers],
    statusRequests: () => statusRequests,
    now,
    setClock: (epochMs) => {
      offset = epochMs - machine();
    },
    advance: (ms) => {
      offset += ms;
    },
    script: (number, script) => void overrides.set(number, script),
    failNext: (request, fault) => void queued[request].push(fault),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

/**
 * A call's ID says when it began and what happens to it, so that each of several sandboxes, or the same one after a restart, can report
 * on it: a UUID of version 7 (RFC 9562), whose 12 bits after the version are the script's number.
 */
const idOf = (createdAt: number, script: Script): string => {
  const number = numberOfScript(script);
  if (number === undefined) return `OUT-${randomUUID()}`;
  const start = createdAt.toString(16).padStart(12, '0');
  const named = number.toString(16).padStart(3, '0');
  return `OUT-${start.slice(0, 8)}-${start.slice(8)}-7${named}-${randomUUID().slice(19)}`;
};

/** The call that an ID describes; undefined if it describes none. */
const described = (id: string, dialect: Dialect, credential: string): Call | undefined => {
  const [, start = '', more = '', named = ''] =
    /^OUT-([\da-f]{8})-([\da-f]{4})-7([\da-f]{3})-[\da-f]{4}-[\da-f]{12}$/.exec(id) ?? [];
  const script = scriptByNumber(Number.parseInt(named, 16));
  return script && { id, dialect, credential, createdAt: Number.parseInt(start + more, 16), script };
};

const iso = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 19)}Z`;

const json = (response: ServerResponse, status: number, body: string): void => {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
};

const readAll = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

/** A body that is a JSON object, or what is wrong with it. */
const parseObject = (text: string): Readonly<Record<string, unknown>> | string => {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : 'body is not an object';
  } catch {
    return 'body is not JSON';
  }
};
