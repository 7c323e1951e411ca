// Loads the queue chunk for an element once a limit has something to offer, or its call waits in the queue.

import type { CallSnapshot } from '../../contract.js';
import type { Problem } from '../api/result.js';
import type { ElementHost } from '../internal/element-host.js';
import { loadQueue } from '../internal/queue.js';
import type { ViewModel } from '../views/view-model.js';

/** True for a call with a place in the queue or that ended without being placed, and for a refusal with times or a place. */
function needsQueue({ state }: ViewModel): boolean {
  const { call, problem } = state as { readonly call?: CallSnapshot; readonly problem?: Problem };
  return !!(call?.queue || call?.endedBecause || problem?.queue || problem?.slots?.[0]);
}

/** Loads the chunk where the element needs it. */
export async function prepareQueue(host: ElementHost, model: () => ViewModel): Promise<void> {
  if (needsQueue(model())) await (await loadQueue())?.prepareQueue(host, model);
}
