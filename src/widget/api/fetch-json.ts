// One request to the proxy with a JSON response: the only place that calls fetch. Callers interpret the response.

import { within, type Browser } from '../internal/browser.js';

/** Longest wait for a response, milliseconds; the proxy gives its own upstream ten seconds. */
const answerMs = 20_000;

/** A response; `body` is undefined if it is not JSON. */
export interface JsonAnswer {
  readonly ok: boolean;
  readonly body: unknown;
}

/** Why there is no response. */
export type NoAnswer = 'unreachable' | 'offline';

/** Opens a request. Rejects as fetch does. */
export function request(browser: Browser, url: string, signal: AbortSignal, init: RequestInit): Promise<Response> {
  return browser.fetch(url, {
    // The proxy never uses cookies; a redirect would be somebody else's response.
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'strict-origin',
    ...init,
    signal,
  });
}

/** Sends a request and reads the response. Never rejects. */
export async function fetchJson(
  browser: Browser,
  url: string,
  parent: AbortSignal,
  init: RequestInit,
): Promise<JsonAnswer | NoAnswer> {
  const limit = within(parent);
  const stop = browser.after(answerMs, () => limit.abort());
  try {
    const response = await request(browser, url, limit.signal, init);
    const body: unknown = await response.json().catch(() => undefined);
    return { ok: response.ok, body };
  } catch {
    return noAnswer(browser);
  } finally {
    stop();
    limit.done();
  }
}

/** The reason for a request that failed. */
export const noAnswer = (browser: Browser): NoAnswer => (browser.online() ? 'unreachable' : 'offline');

/** The URL of a contract path at an endpoint. */
export const addressOf = (endpoint: string, path: string): string => endpoint.replace(/\/+$/, '') + path;
