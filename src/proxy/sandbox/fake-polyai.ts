// A fake of PolyAI's outbound calling API, `connector` generation, over real HTTP: the exact paths, header, bodies and error statuses,
// with nothing behind them. No phone ever rings. Tests and the demo share it; every response identifies it (`Server`, `client_env`).

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { misbehave } from './fake-polyai/faults.js';
import { errorAnswer, type Fault, type Script } from './fake-polyai/script.js';
import { scriptOf } from './fake-polyai/test-numbers.js';

export { endsIn, errorAnswer, slowed, statusFault } from './fake-polyai/script.js';
export type { Fault, Script } from './fake-polyai/script.js';
export { faultNumbers, limitTestNumber, testNumbers } from './fake-polyai/test-numbers.js';

/** Options of the fake. */
export interface FakePolyAiOptions {
  readonly accountId: string;
  readonly projectId: string;
  /** The credential that is accepted. */
  readonly connectorId: string;
  /** A second credential that is accepted but whose holder does not see the first one's calls. */
  readonly otherConnectorId?: string;
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
  readonly connectorId: string;
  readonly createdAt: number;
  readonly script: Script;
}

/** Ended calls are forgotten after about two hours (PolyAI's documentation). */
const keptMs = 2 * 60 * 60 * 1_000;
const ended = ['completed', 'failed', 'no-answer', 'busy', 'cancelled'];

/** Starts the fake on loopback. */
export const createFakePolyAi = async (options: FakePolyAiOptions): Promise<FakePolyAi> => {
  const { timeScale = 1, now: machine = Date.now, log = () => {} } = options;
  const base = `/api/v1/${options.accountId}/${options.projectId}/outbound-call`;
  const calls = new Map<string, Call>();
  const triggers: Trigger[] = [];
  const overrides = new Map<string, Script>();
  const queued: Record<'trigger' | 'status', Fault[]> = { trigger: [], status: [] };
  let offset = 0;
  let statusRequests = 0;

  const now = (): number => machine() + offset;
  const startOf = (call: Call, atMs: number): number => call.createdAt + atMs / timeScale;

  const trigger = async (request: IncomingMessage, response: ServerResponse, connectorId: string): Promise<void> => {
    const planned = queued.trigger.shift();
    if (planned?.kind === 'reset-unread') return misbehave(planned, response, '');
    const body = parseTrigger(await readAll(request));
    if (typeof body === 'string') return misbehave(errorAnswer(400, body, 'bad_request'), response, '');
    const script = overrides.get(body.number) ?? scriptOf(body.number);
    const fault = planned ?? script.trigger;
    const rings = fault === undefined || script.rings !== false;
    triggers.push({ ...body, at: now(), rings });
    const call: Call = { id: `OUT-${randomUUID()}`, connectorId, createdAt: now(), script };
    if (rings) calls.set(call.id, call);
    const right = JSON.stringify({ conversation_id: call.id });
    if (fault !== undefined) return misbehave(fault, response, right);
    json(response, 200, right);
  };

  const status = (response: ServerResponse, connectorId: string, id: string): void => {
    statusRequests += 1;
    const planned = queued.status.shift();
    if (planned !== undefined) return misbehave(planned, response, '{}');
    if (!/^OUT-[A-Za-z0-9-]{1,80}$/.test(id)) {
      return misbehave(errorAnswer(400, 'malformed call_sid', 'bad_request'), response, '');
    }
    const call = calls.get(id);
    const passed = call?.script.steps.filter((step) => startOf(call, step.atMs) <= now()) ?? [];
    const newest = passed.at(-1);
    const gone =
      call === undefined ||
      newest === undefined ||
      call.connectorId !== connectorId ||
      (ended.includes(newest.status) && now() - startOf(call, newest.atMs) > keptMs);
    if (gone) return misbehave(errorAnswer(404, 'call not found', 'not_found'), response, '');
    const right = JSON.stringify({
      call_sid: call.id,
      account_id: options.accountId,
      project_id: options.projectId,
      client_env: 'fake',
      connector_id: connectorId,
      created_at: iso(call.createdAt),
      status: newest.status,
      last_updated: iso(startOf(call, newest.atMs)),
      event_history: passed.map((step) => ({ [step.status]: iso(startOf(call, step.atMs)) })),
    });
    const { statusFault } = call.script;
    const isFaulty =
      statusFault !== undefined && (statusFault.forMs === undefined || startOf(call, statusFault.forMs) > now());
    if (isFaulty) return misbehave(statusFault.fault, response, right);
    json(response, 200, right);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('Server', 'fake-polyai');
    response.setHeader('X-Stand-In', 'no real phone rings');
    const path = request.url ?? '';
    const connectorId = request.headers['x-connector-id'];
    const known = [options.connectorId, options.otherConnectorId].find((id) => id !== undefined && id === connectorId);
    const isTrigger = request.method === 'POST' && path === `${base}/trigger`;
    const isStatus = request.method === 'GET' && path.startsWith(`${base}/status/`);
    log(`fake PolyAI: ${isTrigger ? 'trigger' : isStatus ? 'status' : 'unknown route'}`);
    if (!isTrigger && !isStatus) return misbehave(errorAnswer(404, 'no such route', 'not_found'), response, '');
    if (known === undefined) return misbehave(errorAnswer(401, 'unauthorized', 'unauthorized'), response, '');
    if (isTrigger) return trigger(request, response, known);
    return status(response, known, decodeId(path.slice(`${base}/status/`.length)));
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

const iso = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 19)}Z`;

const json = (response: ServerResponse, status: number, body: string): void => {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
};

const decodeId = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
};

const readAll = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

/** The trigger request's body, or what is wrong with it. */
const parseTrigger = (text: string): { readonly number: string; readonly metadata?: unknown } | string => {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return 'body is not JSON';
  }
  if (typeof body !== 'object' || body === null) return 'body is not an object';
  const { phone_number: number, metadata } = body as { phone_number?: unknown; metadata?: unknown };
  if (typeof number !== 'string' || !/^\+[1-9]\d{6,14}$/.test(number)) return 'phone_number is not E.164';
  if (metadata === undefined) return { number };
  return typeof metadata === 'object' && metadata !== null ? { number, metadata } : 'metadata is not an object';
};
