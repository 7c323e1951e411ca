// Metrics in Prometheus' format, by its official client. Every label has a closed list of values, so no number, no
// client-supplied path and no unconfigured origin can become one.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { problemStatuses, routes, terminalStatuses } from '../../contract.js';
import { proxyVersion } from '../core/version.js';
import { limitNames, type Limits } from '../gates/limits.js';
import { everybody } from '../gates/bookings.js';
import { queueLengthKey } from '../gates/queue-places.js';
import type { Observer } from './observer.js';

/** The values read at each scrape. */
export interface MetricsSources {
  readonly api: string;
  /** The configured origins: the only values of the label `site`. */
  readonly origins: readonly string[];
  readonly limits: Limits;
  readonly openStreams: () => number;
  readonly isCredentialRefused: () => boolean;
  readonly isDraining: () => boolean;
  /** Slots in use in a scope, by key. */
  readonly taken: (scope: 'all' | 'scheduled' | 'queue-length', key: string) => Promise<number>;
}

/** The metrics of one proxy. */
export interface Metrics {
  readonly observer: Observer;
  readonly contentType: string;
  /** The current values as text. */
  scrape(): Promise<string>;
  close(): void;
}

/** Values outside a list are counted together. */
const other = 'other';

const requestBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const upstreamBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** Every label with its values, except `site`, whose values are the configured origins. */
export const labelValues: Readonly<Record<string, readonly string[]>> = {
  method: ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', other],
  route: [...Object.values(routes), 'file', other],
  status: ['1xx', '2xx', '3xx', '4xx', '5xx', 'failed'],
  code: [...Object.keys(problemStatuses), other],
  outcome: ['accepted', 'rejected', 'not-sent', 'unknown', 'failed'],
  result: ['seen', 'missing', 'failed', 'denied'],
  ended: [...terminalStatuses, other],
  verb: ['reserve', 'settle', 'recordPolls', 'claimDue', 'startScheduled', 'recall'],
  scope: [
    'number',
    'prefix',
    'country',
    'abroad',
    'address',
    'neighbourhood',
    'distinct-numbers',
    'attempts',
    'site',
    'all',
    'scheduled',
    'scheduled-number',
    'scheduled-address',
    'scheduled-neighbourhood',
    'suppressed',
    'cooling-down',
    'queue',
    'queue-length',
    other,
  ],
  when: ['now', 'scheduled', 'queued'],
  limit: limitNames,
};

/** Creates the metrics. */
export function createMetrics(sources: MetricsSources): Metrics {
  const registers = [new Registry()];
  const [register = new Registry()] = registers;
  collectDefaultMetrics({ register });
  const sites = new Set(sources.origins);
  const closed = new Map(Object.entries(labelValues).map(([label, values]) => [label, new Set(values)]));
  /** The value, if the label's list contains it. */
  const one = (label: string, value: string): string => (closed.get(label)?.has(value) === true ? value : other);

  const name = (text: string): string => `polyai_callback_${text}`;
  const counter = <Label extends string>(text: string, help: string, labelNames: readonly Label[]): Counter<Label> =>
    new Counter({ name: name(text), help, labelNames, registers });
  /** A counter with one label, at zero for each of its values: `increase()` does not see a series whose first value is already its first event. */
  const counterFromZero = <Label extends string>(text: string, help: string, label: Label): Counter<Label> => {
    const made = counter(text, help, [label]);
    for (const value of labelValues[label] ?? []) made.inc({ [label]: value } as Record<Label, string>, 0);
    return made;
  };
  const histogram = <Label extends string>(
    text: string,
    help: string,
    labelNames: readonly Label[],
    buckets: number[],
  ): Histogram<Label> => new Histogram({ name: name(text), help, labelNames, buckets, registers });
  const gauge = (text: string, help: string, read: () => number | Promise<number>): void => {
    const made: Gauge = new Gauge({
      name: name(text),
      help,
      registers,
      // An unavailable store must not prevent the other values from being read.
      collect: async () => made.set(await Promise.resolve(read()).catch(() => Number.NaN)),
    });
  };

  const requests = counter('http_requests_total', 'Requests answered.', ['method', 'route', 'status']);
  const requestSeconds = histogram(
    'http_request_duration_seconds',
    'Time to the head of the response; a stream counts until it opens.',
    ['route'],
    requestBuckets,
  );
  const refusals = counterFromZero('refusals_total', 'Requests refused, by problem code.', 'code');
  const limited = counterFromZero(
    'limited_total',
    'Reservations refused, by the allowance or slot that was used up.',
    'scope',
  );
  const reserved = counter('calls_reserved_total', 'Calls that passed every check.', ['site', 'when']);
  for (const site of sources.origins) for (const when of labelValues['when'] ?? []) reserved.inc({ site, when }, 0);
  const triggers = counterFromZero(
    'triggers_total',
    'Triggers sent to PolyAI, by outcome; not-sent: none left this machine.',
    'outcome',
  );
  const triggerSeconds = histogram('trigger_duration_seconds', 'Time of a trigger.', [], upstreamBuckets);
  const statusRequests = counterFromZero('status_requests_total', 'Status requests to PolyAI, by result.', 'result');
  const statusSeconds = histogram('status_request_duration_seconds', 'Time of a status request.', [], upstreamBuckets);
  const ended = counterFromZero('calls_ended_total', 'Calls that ended, by status.', 'ended');
  const storeSeconds = histogram('store_duration_seconds', 'Time of a store operation.', ['verb'], requestBuckets);
  const storeFailures = counterFromZero('store_failures_total', 'Store operations that failed.', 'verb');
  const lateness = histogram(
    'poll_lateness_seconds',
    'How late calls that were not answered yet were polled.',
    [],
    [0.1, 0.5, 1, 2, 3, 5, 10, 30],
  );
  // Bookings hold other slots of the same scope, for their times.
  gauge('calls_in_flight', 'Calls being placed or under way.', () => sources.taken('all', everybody));
  gauge('calls_scheduled', 'Callbacks that are waiting for their time.', () => sources.taken('scheduled', everybody));
  gauge('queue_length', 'Calls that wait in the queue.', () => sources.taken('queue-length', queueLengthKey));
  gauge('streams_open', 'Event streams that are open.', sources.openStreams);
  gauge('credential_refused', '1 while PolyAI refuses the credential: no call is placed.', () =>
    sources.isCredentialRefused() ? 1 : 0,
  );
  gauge('draining', '1 while the process shuts down.', () => (sources.isDraining() ? 1 : 0));
  const limits = new Gauge({ name: name('limit'), help: 'Limits in force.', labelNames: ['limit'], registers });
  for (const limit of limitNames) limits.set({ limit }, sources.limits[limit]);
  new Gauge({ name: name('info'), help: 'Version and API.', labelNames: ['version', 'api'], registers }).set(
    { version: proxyVersion, api: sources.api },
    1,
  );
  // Makes a rate or an alert on something that has not happened yet read 0.
  for (const outcome of labelValues['outcome'] ?? []) triggers.inc({ outcome }, 0);
  for (const status of terminalStatuses) ended.inc({ ended: status }, 0);
  for (const code of labelValues['code'] ?? []) refusals.inc({ code }, 0);
  for (const scope of labelValues['scope'] ?? []) limited.inc({ scope }, 0);
  for (const result of labelValues['result'] ?? []) statusRequests.inc({ result }, 0);
  for (const verb of labelValues['verb'] ?? []) storeFailures.inc({ verb }, 0);
  for (const site of sites) for (const when of labelValues['when'] ?? []) reserved.inc({ site, when }, 0);

  const observer: Observer = {
    async around(operation, work, endingOf) {
      const start = performance.now();
      let ending = 'failed';
      try {
        const result = await work();
        ending = endingOf(result);
        return result;
      } finally {
        const seconds = (performance.now() - start) / 1_000;
        switch (operation.kind) {
          case 'request': {
            const { method, route } = operation;
            const status = /^[1-5]\d\d$/.test(ending) ? `${ending.slice(0, 1)}xx` : 'failed';
            requests.inc({ method: one('method', method), route: one('route', route), status });
            requestSeconds.observe({ route: one('route', route) }, seconds);
            break;
          }
          case 'trigger':
            triggers.inc({ outcome: one('outcome', ending) });
            triggerSeconds.observe(seconds);
            break;
          case 'status':
            statusRequests.inc({ result: one('result', ending) });
            statusSeconds.observe(seconds);
            break;
          case 'store':
            storeSeconds.observe({ verb: one('verb', operation.verb) }, seconds);
            if (ending === 'failed') storeFailures.inc({ verb: one('verb', operation.verb) });
        }
      }
    },
    note(occurrence) {
      switch (occurrence.kind) {
        case 'refused':
          return refusals.inc({ code: one('code', occurrence.code) });
        case 'reserved':
          return reserved.inc({
            site: sites.has(occurrence.site) ? occurrence.site : other,
            when: occurrence.when,
          });
        case 'limited':
          return limited.inc({ scope: one('scope', occurrence.scope) });
        case 'ended':
          return ended.inc({ ended: one('ended', occurrence.status) });
        case 'polled-late':
          return lateness.observe(occurrence.seconds);
      }
    },
  };
  return {
    observer,
    contentType: register.contentType,
    scrape: () => register.metrics(),
    close: () => register.clear(),
  };
}
