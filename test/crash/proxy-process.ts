// The built proxy in a child process that can be killed: its log as it is written, requests to it, and its exit. What a trial
// checks is up to the caller.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { Agent, request as send } from 'node:http';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { childEnv } from '../fixtures/child-env.js';

/** The program of `npm run build`. */
export const builtProxy: string = fileURLToPath(new URL('../../dist/proxy/main.js', import.meta.url));

/** The origin of the page. */
export const origin = 'https://www.example.com';

/** Settings under which only the limits per number apply. */
export const wideOpen: Readonly<Record<string, string>> = {
  ALLOWED_ORIGINS: origin,
  ALLOWED_COUNTRIES: 'GB',
  CHALLENGE: 'none',
  HOURS_PROFILE: 'off',
  TRUSTED_PROXIES: '127.0.0.1',
  ...Object.fromEntries(
    [
      'PREFIX_PER_HOUR',
      'PREFIX_PER_DAY',
      'COUNTRY_PER_HOUR',
      'ABROAD_PER_DAY',
      'ADDRESS_PER_MINUTE',
      'ADDRESS_PER_HOUR',
      'ADDRESS_PER_DAY',
      'NEIGHBOURHOOD_PER_HOUR',
      'NEIGHBOURHOOD_PER_DAY',
      'ATTEMPTS_PER_10_MINUTES',
      'NEIGHBOURHOOD_ATTEMPTS_PER_10_MINUTES',
      'SITE_PER_HOUR',
      'SITE_PER_DAY',
      'SITE_IN_FLIGHT',
      'ALL_BURST',
      'ALL_PER_HOUR',
      'ALL_PER_DAY',
      'ALL_IN_FLIGHT',
      'POLLS_PER_SECOND',
      'SCHEDULED',
      'SCHEDULED_PER_HOUR',
      'SCHEDULED_PER_ADDRESS',
      'SCHEDULED_PER_NEIGHBOURHOOD',
    ].map((name) => [`LIMIT_${name}`, '1000000']),
  ),
};

/** An HTTP response, or undefined if the connection broke. */
export type Answer = { readonly status: number; readonly body: Record<string, unknown> } | undefined;

/** A proxy in a child process. */
export interface ProxyProcess {
  readonly pid: number | undefined;
  /** Resolves with the port once it listens, or with undefined if it exits first. */
  readonly listening: Promise<number | undefined>;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  /** Called with every logged event. */
  onEvent: (event: string) => void;
  /** Everything it wrote to its standard error. */
  complaints(): string;
  /** Everything it wrote to its standard output. */
  output(): string;
  kill(signal: 'SIGKILL' | 'SIGTERM'): void;
  /** Closes the reading end of its standard output, or of both. */
  stopReading(which: 'output' | 'both'): void;
  /** `POST /v1/calls`, for now or for a time (RFC 3339). Never rejects. */
  requestCall(key: string, phone: string, scheduleAt?: string): Promise<Answer>;
  /** `DELETE /v1/calls/:id`. Never rejects. */
  cancel(id: string, token: string): Promise<Answer>;
  /** `GET /readyz`. Never rejects. */
  readiness(): Promise<Answer>;
  /** Opens the stream of a call; resolves at its first event, or when the connection breaks. */
  follow(id: string, token: string): Promise<void>;
  /** Follows a call; resolves when its stream ends, or when the connection breaks. */
  ended(id: string, token: string): Promise<void>;
}

const living = new Set<{ kill(signal: 'SIGKILL'): boolean }>();
/** Kills whatever a failed trial left running; without it, the process of the tests would wait for them. */
export function killLeftovers(): void {
  for (const child of living) child.kill('SIGKILL');
}
process.once('exit', killLeftovers);

let visitors = 0;

/** Starts the built proxy. */
export function startProcess(env: Readonly<Record<string, string>>): ProxyProcess {
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, [builtProxy], {
    env: { ...childEnv, ...wideOpen, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.add(child);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  let port = 0;
  let complaints = '';
  let rest = '';
  let output = '';
  let setPort = (_port: number | undefined): void => {};
  const listening = new Promise<number | undefined>((resolve) => (setPort = resolve));
  const gone = new Promise<void>((resolve) => {
    child.on('close', () => {
      living.delete(child);
      agent.destroy();
      setPort(undefined);
      resolve();
    });
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const listens = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (listens !== undefined) setPort((port = Number(listens)));
      const event = /"event":"([\w-]+)"/.exec(line)?.[1];
      if (event !== undefined) self.onEvent(event);
    }
  });

  const self: ProxyProcess = {
    pid: child.pid,
    listening,
    gone,
    onEvent: () => {},
    complaints: () => complaints,
    output: () => output,
    kill: (signal) => void child.kill(signal),
    stopReading: (which) => {
      child.stdout.destroy();
      if (which === 'both') child.stderr.destroy();
    },
    cancel: (id, token) =>
      exchange(agent, {
        port,
        path: `/v1/calls/${id}`,
        method: 'DELETE',
        headers: { Origin: origin, Authorization: `Bearer ${token}` },
      }),
    readiness: () => exchange(agent, { port, path: '/readyz', method: 'GET', headers: {} }),
    requestCall: (key, phone, scheduleAt) => {
      visitors += 1;
      const body = JSON.stringify({
        phone,
        international: true,
        country: 'GB',
        consent: { text: 'Example may call me with an AI voice now.', source: 'page' },
        locale: 'en-GB',
        widgetVersion: '0.1.0',
        ...(scheduleAt !== undefined && { scheduleAt, timeZone: 'Europe/London' }),
      });
      return exchange(agent, {
        port,
        path: '/v1/calls',
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': String(Buffer.byteLength(body)),
          Origin: origin,
          'Idempotency-Key': key,
          // Each request comes from its own address.
          'X-Forwarded-For': `100.${String(64 + ((visitors >> 16) & 63))}.${String((visitors >> 8) & 255)}.${String(visitors & 255)}`,
        },
        body,
      });
    },
    follow: (id, token) =>
      new Promise((resolve) => {
        const headers = { Authorization: `Bearer ${token}` };
        send({ port, path: `/v1/calls/${id}/events`, headers, agent: false }, (response) => {
          response.on('data', () => resolve());
          response.on('close', () => resolve());
          response.on('error', () => resolve());
        })
          .on('error', () => resolve())
          .end();
      }),
    ended: (id, token) =>
      new Promise((resolve) => {
        const headers = { Authorization: `Bearer ${token}`, Origin: origin };
        send({ port, path: `/v1/calls/${id}/events`, headers, agent: false }, (response) => {
          response.resume().on('close', () => resolve());
        })
          .on('error', () => resolve())
          .end();
      }),
  };
  return self;
}

interface Exchange {
  readonly port: number;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends one request; a broken connection resolves with undefined. Never retries: that is up to the trial. */
function exchange(agent: Agent, { body, ...options }: Exchange): Promise<Answer> {
  return new Promise((resolve) => {
    send({ ...options, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', () => resolve(undefined));
      response.on('close', () => {
        try {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> });
        } catch {
          resolve(undefined);
        }
      });
    })
      .on('error', () => resolve(undefined))
      .end(body);
  });
}
