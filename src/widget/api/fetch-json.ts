// One request to the proxy with a JSON answer: the only place that calls fetch. What the answer means is its callers' business.

import { within, type Browser } from '../internal/browser.js';

/** Longest wait for an answer, milliseconds; the proxy gives its own upstream ten seconds. */
const answerMs = 20_000;

/** An answer; `body` is undefined where it is no JSON. */
export interface JsonAnswer {
  readonly ok: boolean;
  readonly body: unknown;
}

/** Why there is no answer. */
export type NoAnswer = 'unreachable' | 'offline';

/** Opens a request. Rejects as fetch does. */
export function request(browser: Browser, url: string, signal: AbortSignal, init: RequestInit): Promise<Response> {
  return browser.fetch(url, {
    // The proxy knows a visitor by what is sent, never by cookies; a redirect would be somebody else's answer.
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'strict-origin',
    ...init,
    signal,
  });
}

/** Asks and reads the answer. Rejects never. */
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

/** The better word for a request that brought nothing. */
export const noAnswer = (browser: Browser): NoAnswer => (browser.online() ? 'unreachable' : 'offline');

/** An endpoint and a path of the contract as one address. */
export const addressOf = (endpoint: string, path: string): string => endpoint.replace(/\/+$/, '') + path;
