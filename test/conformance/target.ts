// The deployment under test: the one that BASE_URL names, or a sandbox started here. With BASE_URL, no call is placed unless
// CALL_NUMBER names a number that may be called.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { ProblemBody } from '../../src/contract.js';
import { startProxy } from '../../src/proxy/main.js';

/** The deployment, and the origin that the suite sends. */
export interface Target {
  readonly baseUrl: string;
  /** An origin that the deployment allows. */
  readonly origin: string;
  /** A number to call; if undefined, no call is placed. */
  readonly number: string | undefined;
  close(): Promise<void>;
}

/** Opens the target that the environment names: BASE_URL, ORIGIN (by default that of BASE_URL) and CALL_NUMBER. */
export async function openTarget(): Promise<Target> {
  const { BASE_URL: given, ORIGIN: origin, CALL_NUMBER: number } = process.env;
  if (given !== undefined && given !== '') {
    const baseUrl = given.replace(/\/+$/, '');
    return { baseUrl, origin: origin ?? new URL(baseUrl).origin, number: number || undefined, close: async () => {} };
  }
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-conformance-'));
  const proxy = await startProxy(
    { PORT: '0', SANDBOX_TIME_SCALE: '50', DATABASE_URL: `file:${folder}/test.db` },
    { writeLog: () => {}, print: () => {} },
  );
  return {
    baseUrl: proxy.url,
    origin: proxy.url,
    number: '+14155550100',
    close: async () => {
      await proxy.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The API description that the deployment serves. */
export interface Description {
  readonly document: {
    readonly openapi: string;
    readonly paths: Readonly<Record<string, Readonly<Record<string, { responses: Record<string, unknown> }>>>>;
    readonly components: { readonly schemas: Readonly<Record<string, object>> };
  };
  /** How a value violates a named schema; empty if it does not. */
  mistakesIn(schema: string, value: unknown): readonly string[];
}

/** Reads the description. */
export function describe(document: Description['document']): Description {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  ajv.addSchema({ ...document, $id: 'api' });
  return {
    document,
    mistakesIn(schema, value) {
      const validate = ajv.getSchema(`api#/components/schemas/${schema}`);
      if (validate === undefined) return [`there is no schema ${schema}`];
      if (validate(value) === true) return [];
      return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
    },
  };
}

/** The problem in a response; throws if there is none. */
export async function problemIn(response: Response, { mistakesIn }: Description): Promise<ProblemBody> {
  const type = response.headers.get('content-type');
  if (type !== 'application/problem+json')
    throw new Error(`${String(response.status)} ${response.url}: ${String(type)}`);
  const body = (await response.json()) as ProblemBody;
  const mistakes = mistakesIn('Problem', body);
  if (mistakes.length > 0) throw new Error(`not a problem as described: ${mistakes.join('; ')}`);
  if (body.status !== response.status) throw new Error(`status ${String(body.status)} in a ${String(response.status)}`);
  return body;
}
