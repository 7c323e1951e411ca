// GET /v1/calls/:id/events: checks the capability, then hands the reader to progress.ts.

import { headers } from '../../contract.js';
import type { AppContext } from '../http/context.js';
import type { Handler } from '../app.js';
import type { OneCall } from './call.js';
import { problemResponse } from '../http/problem.js';
import type { Progress } from '../streams/call-streams.js';

/** Makes the handler. */
export const createEvents =
  (progress: Progress): ((oneCall: OneCall) => Handler) =>
  (oneCall) =>
    async function follow(c: AppContext) {
      const call = await oneCall.find(c);
      if (call === undefined) return problemResponse({ code: 'not-found' }, c.var.requestId);
      const following = progress.follow({
        call,
        address: c.var.address.bucket,
        lastEventId: c.req.header(headers.lastEventId),
        outgoing: c.env?.outgoing,
        signal: c.req.raw.signal,
      });
      if (following.kind === 'open') return following.response;
      const { code, retryAfterSeconds } = following;
      return problemResponse({ code, retryAfterSeconds }, c.var.requestId);
    };
