// GET /v1/calls/:id/events: checks the capability, then hands the reader to call-streams.ts.

import { headers } from '../../contract.js';
import type { AppContext, Handler } from '../http/context.js';
import type { OneCall } from './call.js';
import { problemResponse } from '../http/problem.js';
import type { CallStreams } from '../streams/call-streams.js';

/** Creates the handler. */
export const createCallEvents =
  (callStreams: CallStreams): ((oneCall: OneCall) => Handler) =>
  (oneCall) =>
    async function follow(c: AppContext) {
      const call = await oneCall.find(c);
      if (call === undefined) return problemResponse(c, { code: 'not-found' });
      const outcome = callStreams.follow({
        call,
        address: c.var.address.bucket,
        lastEventId: c.req.header(headers.lastEventId),
        outgoing: c.env?.outgoing,
        head: c.get('head'),
        signal: () => c.req.raw.signal,
      });
      if (outcome.kind === 'open') return outcome.response;
      const { code, retryAfterSeconds } = outcome;
      return problemResponse(c, { code, retryAfterSeconds });
    };
