// Lets a call that is being placed overtake a flood of refusals. Node reads every connection that has something to read before it goes on
// with anything else, so a call would wait for dozens of refusals at each of its steps. While one is under way, only a few refusals are
// sent in each turn of the event loop, and a client that waits for its answer sends nothing new. Without a call, nothing is held back.

import type { UrgentWork } from '../core/urgent-work.js';
import type { Fetch } from './http-server.js';

/** Refusals sent in one turn of the event loop while a call is being placed: about 0.2 ms. */
export const refusalsInTurn = 2;
/** Refusals sent in one turn afterwards, until those that were held back are gone. */
export const refusalsInTurnAfterwards = 16;

/** Wraps the app's handler. `nextTurn` runs a task in the next turn of the event loop. */
export function answerRefusalsInTurns(
  fetch: Fetch,
  urgent: Pick<UrgentWork, 'isUnderWay'>,
  nextTurn: (task: () => void) => void = setImmediate,
): Fetch {
  let heldBack: (() => void)[] = [];
  let isTurnPlanned = false;
  let left = refusalsInTurn;

  const turn = (): void => {
    isTurnPlanned = false;
    left = urgent.isUnderWay() ? refusalsInTurn : refusalsInTurnAfterwards;
    const sent = heldBack.slice(0, left);
    heldBack = heldBack.slice(left);
    left -= sent.length;
    for (const send of sent) send();
    if (heldBack.length > 0) planTurn();
  };
  const planTurn = (): void => {
    if (isTurnPlanned) return;
    isTurnPlanned = true;
    nextTurn(turn);
  };

  const inTurn = (response: Response): Response | Promise<Response> => {
    if (response.status < 400 || (heldBack.length === 0 && !urgent.isUnderWay())) return response;
    planTurn();
    if (left > 0) {
      left -= 1;
      return response;
    }
    return new Promise((resolve) => heldBack.push(() => resolve(response)));
  };

  return (request, env) => {
    const response = fetch(request, env);
    return response instanceof Promise ? response.then(inTurn) : inTurn(response);
  };
}
