// Requests to the admin listener. Every failure is a value that the page can put into words.

import { type OwnerCall, ownerPaths, type OwnerSummary } from '../../../owner-contract.js';

/** Why there is no data: the session is over, the proxy does not respond, or it could not read its data. */
export type Failure = 'signed-out' | 'offline' | 'failed' | 'missing';

/** Data, or why there is none. */
export type Fetched<Data> = { readonly data: Data } | { readonly failure: Failure };

/** The summary of a query. */
export const fetchSummary = (query: string, signal: AbortSignal): Promise<Fetched<OwnerSummary>> =>
  fetchJson(ownerPaths.summary + query, signal);

/** One call. */
export const fetchCall = (id: string, signal: AbortSignal): Promise<Fetched<OwnerCall>> =>
  fetchJson(`${ownerPaths.call}?id=${encodeURIComponent(id)}`, signal);

async function fetchJson<Data>(url: string, signal: AbortSignal): Promise<Fetched<Data>> {
  try {
    const response = await fetch(url, { signal, headers: { Accept: 'application/json' } });
    if (response.ok) return { data: (await response.json()) as Data };
    if (response.status === 401) return { failure: 'signed-out' };
    return { failure: response.status === 404 ? 'missing' : 'failed' };
  } catch {
    return { failure: 'offline' };
  }
}
