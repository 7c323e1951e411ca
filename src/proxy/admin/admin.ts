// Metrics, traces and the admin listener as one unit that open-proxy.ts opens when at least one of them is configured. Each
// part is loaded only if it is used.

import type { Clock } from '../core/clock.js';
import type { Log } from '../core/log.js';
import { createThrottledLog } from '../core/throttled-log.js';
import type { ProxyConfig } from '../config/config.js';
import type { PolyAi } from '../polyai/polyai.js';
import type { Keyring } from '../secrets/keyring.js';
import type { Store } from '../store/store.js';
import type { AdminPage } from './admin-server.js';
import type { Metrics, MetricsSources } from './metrics.js';
import type { ActivityRecorder } from './recent-activity.js';
import { allOf, observeFetch, observePolyAi, observeStore, type Observer } from './observer.js';

/** Sources of the gauges, which exist only once the proxy is open. */
export type AdminSources = Pick<MetricsSources, 'openStreams' | 'isCredentialRefused' | 'isDraining'>;

/** Observation of one proxy. */
export interface Admin {
  observePolyAi(polyai: PolyAi): PolyAi;
  observeStore(store: Store): Store;
  observeFetch: (fetch: Parameters<typeof observeFetch>[0]) => ReturnType<typeof observeFetch>;
  readonly note: Observer['note'];
  /** Starts the listener, if one is configured. */
  listen(sources: AdminSources): Promise<void>;
  close(): Promise<void>;
}

/** What the parts use. */
export interface AdminParts {
  readonly store: Store;
  /** To mask the numbers of callbacks that wait. */
  readonly keyring: Pick<Keyring, 'open'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Opens the parts that are configured. */
export async function openAdmin(
  config: ProxyConfig,
  { store, keyring, clock, log: mainLog }: AdminParts,
): Promise<Admin> {
  const { admin, tracesEndpoint } = config;
  const log = createThrottledLog(mainLog, clock, config.instances);
  const observers: Observer[] = [];
  const closes: (() => Promise<void>)[] = [];
  let sources: AdminSources = { openStreams: () => 0, isCredentialRefused: () => false, isDraining: () => false };
  let metrics: Metrics | undefined;
  let activity: ActivityRecorder | undefined;
  if (admin !== undefined) {
    const { createMetrics } = await import('./metrics.js');
    const { createActivityRecorder } = await import('./recent-activity.js');
    activity = createActivityRecorder(clock);
    observers.push(activity.observer);
    const made = createMetrics({
      api: config.api,
      origins: config.origins,
      limits: config.limits.values,
      openStreams: () => sources.openStreams(),
      isCredentialRefused: () => sources.isCredentialRefused(),
      isDraining: () => sources.isDraining(),
      taken: async (scope, key) => (await store.countTaken([{ scope, key }]))[0] ?? 0,
    });
    metrics = made;
    observers.push(made.observer);
    closes.push(async () => made.close());
  }
  if (tracesEndpoint !== undefined) {
    const { createTracing } = await import('./tracing.js');
    const tracing = createTracing({ endpoint: tracesEndpoint });
    observers.push(tracing.observer);
    closes.push(() => tracing.close());
    log.info('traces-sent', { to: new URL(tracesEndpoint).host });
  }
  const observer = allOf(observers);
  return {
    observePolyAi: (polyai) => observePolyAi(polyai, observer),
    observeStore: (observed) => observeStore(observed, observer, clock),
    observeFetch: (fetch) => observeFetch(fetch, observer),
    note: (occurrence) => observer.note(occurrence),
    async listen(live) {
      sources = live;
      if (admin === undefined || metrics === undefined) return;
      const { scrape, contentType } = metrics;
      const { listenAdmin } = await import('./admin-server.js');
      const owner = activity && (await openOwnerPage(activity, admin.token !== undefined));
      const server = await listenAdmin({
        ...admin,
        clock,
        pages: { ...owner?.pages, '/metrics': async () => ({ contentType, body: await scrape() }) },
        ...(owner && { signInPolicy: owner.policy }),
        onRefused: (reason) => log.warn('admin-refused', { reason }),
        onFault: (error) => log.error('admin-failed', {}, error),
      });
      closes.push(() => server.close());
      log.info('admin-listening', { host: admin.host, port: server.port });
    },
    async close() {
      for (const close of closes.reverse()) await close();
    },
  };

  /** The owner's page, if it is built. */
  async function openOwnerPage(
    activity: ActivityRecorder,
    hasToken: boolean,
  ): Promise<{ readonly pages: Readonly<Record<string, AdminPage>>; readonly policy: string } | undefined> {
    const { readOwnerFiles } = await import('../owner/owner-files.js');
    const files = readOwnerFiles(import.meta.url);
    if (files === undefined) {
      log.warn('owner-page-not-built', { advice: 'npm run build' });
      return undefined;
    }
    const { createOwnerData } = await import('../owner/owner-data.js');
    const { ownerPages, pagePolicy } = await import('../owner/owner-pages.js');
    const isCredentialRefused = (): boolean => sources.isCredentialRefused();
    const data = createOwnerData({ config, store, activity, isCredentialRefused, clock });
    return { pages: ownerPages({ data, files, keyring, hasToken }), policy: pagePolicy };
  }
}
