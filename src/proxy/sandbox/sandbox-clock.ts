// The sandbox's clock and hours, which can be set, so that nighttime, the night of a clock change or a closed Sunday can be
// tried at any time of day. Created only without a credential: with one, neither this object nor its route exists.

import * as v from 'valibot';
import type { AppContext } from '../http/context.js';
import type { Clock } from '../core/clock.js';
import type { Problem } from '../core/verdict.js';
import { createHours, type Hours } from '../hours/hours.js';
import { defaultHoursSettings, type HoursSettings } from '../hours/hours-settings.js';
import { weekOf } from '../hours/week.js';
import { knownZone } from '../hours/zone-clock.js';
import { problemResponse } from '../http/problem.js';
import { readBody } from '../http/json-body.js';
import type { Consumption, Store } from '../store/store.js';

/** Where the clock is read and set. Not in the contract: the widget does not use it. */
export const sandboxClockPath = '/sandbox/clock';

/** The clock and the hours of one sandbox. */
export interface SandboxClock {
  /** The proxy, the store and the fake PolyAI all use it. Its timers run at the machine's pace. */
  readonly clock: Clock;
  /** The hours in force; they change when the clock is set. */
  readonly hours: Hours;
  /** A store in which what was consumed before the clock was last set does not count. */
  forgetting(store: Store): Store;
  /** `GET /sandbox/clock`. */
  read(c: AppContext): Response;
  /** `POST /sandbox/clock`: only from the proxy's own page. */
  set(c: AppContext): Promise<Response>;
}

interface ClockRequest {
  readonly at?: string | null;
  readonly hours?: 'off' | 'requested' | 'strict';
  readonly closed?: 'hide' | 'message' | 'schedule';
  readonly timeZone?: string;
}

/** `at`: the instant to set, `null` for the machine's time. `hours`: the profile. `closed`: the business answers Monday to Saturday 09–18 in `timeZone`, and the page does this outside it. */
const schema: v.GenericSchema<unknown, ClockRequest> = v.strictObject({
  at: v.exactOptional(v.nullable(v.pipe(v.string(), v.isoTimestamp()))),
  hours: v.exactOptional(v.picklist(['off', 'requested', 'strict'])),
  closed: v.exactOptional(v.picklist(['hide', 'message', 'schedule'])),
  timeZone: v.exactOptional(v.pipe(v.string(), v.maxLength(64))),
});

const officeWeek = weekOf({ weekdays: [[9, 18]], saturday: [[9, 18]], sunday: [] });

/** Creates a sandbox clock. `startsAt`: epoch milliseconds; by default the machine's time. The clock-jump check, which runs every second, notices a jump by itself. */
export function createSandboxClock(machine: Clock, initial: HoursSettings, startsAt?: number): SandboxClock {
  let offset = startsAt === undefined ? 0 : startsAt - machine.now();
  let settings = initial;
  let inForce = createHours(settings);
  let era = 0;
  const now = (): number => machine.now() + offset;
  const keyNow = (key: string): string => `era ${String(era)} ${key}`;
  const inEra = <T extends { readonly consumptions: readonly Consumption[] }>(request: T): T => ({
    ...request,
    consumptions: request.consumptions.map((consumption) => ({
      ...consumption,
      key: keyNow(consumption.key),
      ...(consumption.aliases && { aliases: consumption.aliases.map(keyNow) }),
    })),
  });

  function current(): Response {
    const { profile, business } = settings;
    return Response.json(
      {
        now: new Date(now()).toISOString(),
        isSet: offset !== 0,
        hours: profile,
        ...(business !== undefined && { closed: business.whenClosed, timeZone: business.zone }),
      },
      { headers: { 'Cache-Control': 'no-store' } },
    );
  }

  return {
    clock: {
      now,
      // Set on purpose: the whole clock jumps, and nothing has to wait for a correction.
      monotonic: () => machine.monotonic() + offset,
      after: (delayMs, task, signal) => machine.after(delayMs, task, signal),
    },
    hours: {
      verdict: (question) => inForce.verdict(question),
      slots: (question) => inForce.slots(question),
      checkSlot: (question) => inForce.checkSlot(question),
      opening: (at) => inForce.opening(at),
    },
    forgetting: (store) => ({
      ...store,
      reserve: ({ queue, ...reservation }) =>
        store.reserve(inEra({ ...reservation, ...(queue && { queue: inEra(queue) }) })),
      reviewQueue: (checks, includesPassedOver) =>
        store.reviewQueue(new Map([...checks].map(([callId, one]) => [callId, inEra(one)])), includesPassedOver),
      startQueued: (callId, checks) => store.startQueued(callId, inEra(checks)),
      wouldAdmit: (requests) => store.wouldAdmit(requests.map(inEra)),
      startScheduled: (callId, lease, checks) => store.startScheduled(callId, lease, inEra(checks)),
      optOut: (request) => store.optOut(inEra(request)),
      usage: (consumptions) => store.usage(inEra({ consumptions }).consumptions),
    }),
    read: current,
    async set(c) {
      const refuse = (problem: Problem): Response => problemResponse(c, problem);
      if (!isOwnPage(c.req.raw.headers)) return refuse({ code: 'origin-not-allowed' });
      const body = await readBody(c, schema);
      if (!body.allowed) return refuse(body.problem);
      const { at, hours = settings.profile, closed, timeZone = 'UTC' } = body.value;
      const zone = knownZone(timeZone);
      if (zone === undefined) return refuse({ code: 'invalid-request' });
      settings = {
        ...defaultHoursSettings,
        profile: hours,
        ...(closed !== undefined && { business: { zone, week: officeWeek, whenClosed: closed } }),
      };
      inForce = createHours(settings);
      if (at !== undefined) {
        offset = at === null ? 0 : Date.parse(at) - machine.now();
        era += 1;
      }
      return current();
    },
  };
}

/** Browsers send the origin of a script's request: only the proxy's own page is accepted, not a page on another port or host. */
function isOwnPage(headers: Headers): boolean {
  const origin = headers.get('origin') ?? '';
  const isSameHost = URL.canParse(origin) && new URL(origin).host === headers.get('host');
  return isSameHost && (headers.get('sec-fetch-site') ?? 'same-origin') === 'same-origin';
}
