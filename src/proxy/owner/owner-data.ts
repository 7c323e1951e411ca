// Reads everything the owner's page shows. Bounded: at most `mostCalls` calls, a page at a time so that other requests run in between,
// and never twice at once for the same question.

import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  dimensions,
  type OwnerCall,
  type OwnerFilter,
  type OwnerSummary,
  type UpstreamHealth,
} from '../../owner-contract.js';
import type { ProxyConfig } from '../config/config.js';
import type { Clock } from '../core/clock.js';
import { proxyVersion } from '../core/version.js';
import { everybody } from '../gates/bookings.js';
import { queueLengthKey } from '../gates/queue-places.js';
import { allowanceUse } from './allowance-use.js';
import { type CallFacts, factsOf, listed } from './call-facts.js';
import { answerRateOf, byHour, costOf, groupsOf, matches, overTime, spreadOf, totalsOf } from './figures.js';
import type { CallDetails, CallRange } from '../store/store.js';
import type { OwnerStore } from './owner-store.js';
import { spanOf } from './period.js';

/** What this process has counted in memory. */
export interface RecentActivity {
  /** Refusals by problem code, and by the allowance that was used up, between two instants. */
  refusals(from: number, until: number): Omit<OwnerSummary['refusals'], 'since'> & { readonly since: number };
  upstream(): Omit<UpstreamHealth, 'isCredentialRefused'>;
}

/** Dependencies. */
export interface OwnerDataDeps {
  readonly config: Pick<
    ProxyConfig,
    'sandbox' | 'origins' | 'countries' | 'homeCountry' | 'instances' | 'limits' | 'price' | 'site'
  >;
  readonly store: OwnerStore;
  readonly activity: RecentActivity;
  readonly isCredentialRefused: () => boolean;
  readonly clock: Pick<Clock, 'now'>;
}

/** What the routes respond with. */
export interface OwnerData {
  summary(filter: OwnerFilter): Promise<OwnerSummary>;
  call(callId: string): Promise<OwnerCall | undefined>;
  /** Every call of a filter, newest first, a page at a time. */
  calls(filter: OwnerFilter): AsyncIterable<readonly CallDetails[]>;
}

/** Calls read for one summary: the latest of the period. */
export const mostCalls = 20_000;
/** Calls read in one piece: a few milliseconds, for which everything else waits. */
export const pageSize = 100;
/** Calls in the list. */
const mostListed = 50;
/** How long a summary is reused, milliseconds: several open pages cost no more than one. */
const freshMs = 2_000;

/** The campaign's own words; click IDs identify a person and stay encrypted. */
const campaignOf = ({ attribution }: CallDetails): OwnerCall['attribution'] => {
  const { source, medium, campaign } = attribution ?? {};
  return {
    ...(source !== undefined && { utm_source: source }),
    ...(medium !== undefined && { utm_medium: medium }),
    ...(campaign !== undefined && { utm_campaign: campaign }),
  };
};

/** Creates the reader. */
export function createOwnerData(deps: OwnerDataDeps): OwnerData {
  const { config, store, activity, clock } = deps;
  const kept = new Map<string, { readonly at: number; readonly summary: Promise<OwnerSummary> }>();

  async function* pages(range: Pick<CallRange, 'from' | 'until'>): AsyncGenerator<readonly CallDetails[]> {
    let after: CallRange['after'];
    for (;;) {
      const page = await store.listCalls({ ...range, ...(after && { after }), limit: pageSize });
      if (page.length > 0) yield page;
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) return;
      // SQLite answers without waiting for anything, so that without this, nothing else would run until the last page.
      await nextTurn();
      after = { createdAt: last.call.createdAt, id: last.call.id };
    }
  }

  async function readSummary(filter: OwnerFilter): Promise<OwnerSummary> {
    const now = clock.now();
    const span = spanOf(filter.period, filter.zone, now);
    const facts: CallFacts[] = [];
    const latest: CallDetails[] = [];
    let read = 0;
    let isPartial = false;
    for await (const page of pages(span)) {
      for (const details of page) {
        const one = factsOf(details);
        if (!matches(one, filter.by)) continue;
        facts.push(one);
        if (latest.length < mostListed) latest.push(details);
      }
      read += page.length;
      isPartial = read >= mostCalls;
      if (isPartial) break;
    }
    const [allowances, [scheduled = 0, inFlight = 0, waiting = 0]] = await Promise.all([
      allowanceUse({ ...config, store, limits: config.limits.values }),
      store.countTaken([
        { scope: 'scheduled', key: everybody },
        { scope: 'all', key: everybody },
        { scope: 'queue-length', key: queueLengthKey },
      ]),
    ]);
    const totals = totalsOf(facts);
    const answerRate = answerRateOf(totals);
    const toRing = spreadOf(facts.flatMap(({ ringSeconds = [] }) => ringSeconds));
    const toAnswer = spreadOf(facts.flatMap(({ answerSeconds = [] }) => answerSeconds));
    const lengths = facts.flatMap(({ talkSeconds = [] }) => talkSeconds);
    const talk = spreadOf(lengths);
    const { perMinute, currency } = config.price;
    const refusals = activity.refusals(span.from, span.until);
    return {
      now: new Date(now).toISOString(),
      business: config.site.business,
      sandbox: config.sandbox,
      version: proxyVersion,
      instances: config.instances,
      filter,
      from: new Date(span.from).toISOString(),
      until: new Date(span.until).toISOString(),
      isPartial,
      totals,
      ...(answerRate !== undefined && { answerRate }),
      ...(toRing && { toRing }),
      ...(toAnswer && { toAnswer }),
      ...(talk && { talk: { ...talk, totalSeconds: lengths.reduce((sum, seconds) => sum + seconds, 0) } }),
      ...(perMinute !== undefined && { spent: { amount: costOf(lengths, perMinute), currency }, currency }),
      overTime: overTime(facts, span),
      byHour: byHour(facts, filter.zone),
      groups: Object.fromEntries(
        dimensions.map((dimension) => [dimension, groupsOf(facts, dimension)]),
      ) as OwnerSummary['groups'],
      refusals: { ...refusals, since: new Date(refusals.since).toISOString() },
      allowances,
      upstream: { ...activity.upstream(), isCredentialRefused: deps.isCredentialRefused() },
      queue: {
        inFlight,
        scheduled,
        waiting,
      },
      calls: latest.map(listed),
    };
  }

  return {
    async summary(filter) {
      const now = clock.now();
      for (const [key, { at }] of kept) if (now - at >= freshMs || at > now) kept.delete(key);
      const key = JSON.stringify(filter);
      const known = kept.get(key);
      if (known !== undefined) return known.summary;
      const summary = readSummary(filter);
      kept.set(key, { at: now, summary });
      // A failure must not be served again.
      summary.catch(() => kept.delete(key));
      return summary;
    },
    async call(callId) {
      const details = await store.readDetails(callId);
      if (details === undefined) return undefined;
      const { call } = details;
      return {
        ...listed(details),
        journal: call.history,
        attribution: campaignOf(details),
        ...(call.upstreamId !== undefined && { polyAiId: call.upstreamId }),
        ...(call.endedBecause !== undefined && { because: call.endedBecause }),
        ...(call.redial && { redialId: call.redial.callId }),
        ...(call.redialOf !== undefined && { redialOf: call.redialOf }),
        ...(details.consent && { locale: details.consent.locale }),
      };
    },
    async *calls(filter) {
      for await (const page of pages(spanOf(filter.period, filter.zone, clock.now())))
        yield page.filter((details) => matches(factsOf(details), filter.by));
    },
  };
}
