// The startup report: where the proxy listens, whether it is a sandbox, what a day can cost, and what was loosened or looks
// odd. It decides the content; main.ts decides whether it is printed as text or as log lines.

import { pollBeforeAnswerMs } from '../calls/poll-decision.js';
import type { ProxyConfig } from '../config/config.js';
import type { LogFields } from '../core/log.js';
import { shareOf } from '../core/share.js';
import { type ZoneDataReport, zoneDataReport } from '../hours/zone-corrections.js';
import { limitNames, type Limits, limitSettings, worstDay } from '../gates/limits.js';

/** One sentence of the report, without secrets. */
export interface ReportLine {
  readonly level: 'info' | 'warn';
  /** The log event, when standard output is not a terminal. */
  readonly event: string;
  readonly message: string;
  /** The facts of the sentence, for the log. */
  readonly fields?: LogFields;
}

/** Receives a line as the log would. */
type LogLine = (event: string, fields: LogFields) => void;

/**
 * The report, in the order in which it is read. `config`: with the limits as configured, not an instance's share of them. `url`: where the
 * proxy listens, unless it is mounted in another server.
 */
export function startupReport(config: ProxyConfig, url?: string): readonly ReportLine[] {
  return [
    ...(url === undefined
      ? []
      : [
          { level: 'info', event: 'listening', message: `polyai-callback listens on ${url}`, fields: { url } } as const,
        ]),
    ...(config.sandbox ? sandboxLines(config) : realLines(config)),
    ...pollRateLines(config),
    ...(url === undefined ? [] : connectionLines(config.limits.values)),
    ...config.limits.raised.map(({ setting, shipped, value }): ReportLine => {
      const message = `${setting}=${shown(value)} is above the default of ${shown(shipped)}.`;
      return { level: 'warn', event: 'limit-raised', message, fields: { setting, shipped, value } };
    }),
    ...(config.challenge.kind === 'none'
      ? [warning('no-challenge', 'CHALLENGE=none: only the limits protect you from a script that requests paid calls.')]
      : []),
    ...(config.trustedProxies.kind === 'hops'
      ? [
          warning(
            'proxies-trusted',
            `Trusting ${String(config.trustedProxies.hops)} proxies: make sure this port is reachable only through them.`,
          ),
        ]
      : []),
    zoneDataLine(zoneDataReport()),
    ...noticeLines(config),
  ];
}

/** Which time-zone data the hours use, and whether it is older than the corrections that come with the proxy. */
export function zoneDataLine({ release, correctedUpTo, isOlder }: ZoneDataReport): ReportLine {
  const message = isOlder
    ? `The time zone data of this Node.js (${release}) is older than ${correctedUpTo}. Known changes up to then are applied; update Node.js for later ones.`
    : `Time zone data: ${release}.`;
  return { level: isOlder ? 'warn' : 'info', event: 'zone-data', message, fields: { release, correctedUpTo } };
}

/** A line as text for a terminal. */
export const textOf = ({ level, message }: ReportLine): string => (level === 'warn' ? `WARNING: ${message}` : message);

/** Writes a line to the log. */
export function logLine(
  { level, event, message, fields }: ReportLine,
  log: Readonly<Record<'info' | 'warn', LogLine>>,
): void {
  log[level](event, { message, ...fields });
}

/** Calls × minutes × price. */
export function worstCaseLine({ limits, price }: Pick<ProxyConfig, 'limits' | 'price'>): string {
  const { sustained, first } = worstDay(limits.values);
  const { minutesPerCall, perMinute, currency } = price;
  const cost = (calls: number): string => {
    const minutes = `${shown(calls)} calls × ${String(minutesPerCall)} minutes`;
    if (perMinute === undefined) return `${minutes} = ${shown(calls * minutesPerCall)} minutes`;
    return `${minutes} × ${String(perMinute)} = ${(calls * minutesPerCall * perMinute).toFixed(2)} ${currency}`;
  };
  const advice = perMinute === undefined ? ' (set PRICE_PER_MINUTE to see the cost)' : '';
  const burst = first > sustained ? `; in the first 24 hours ${cost(first)}` : '';
  return `Worst case per day: ${cost(sustained)}${burst}${advice}.`;
}

function sandboxLines({ sandboxClock, limits }: ProxyConfig): readonly ReportLine[] {
  return [
    info(
      'sandbox',
      'SANDBOX: no credential is set. Calls go to a built-in simulation of PolyAI, and no real phone rings.',
    ),
    ...(sandboxClock === undefined
      ? []
      : [
          info(
            'sandbox-clock',
            `SANDBOX_CLOCK: the sandbox's clock starts at ${new Date(sandboxClock).toISOString()}, and calling hours apply.`,
          ),
        ]),
    info('sandbox-limits', `The sandbox's limits are higher than with a credential: ${widerLimits(limits.values)}`),
  ];
}

function realLines(config: ProxyConfig): readonly ReportLine[] {
  const { sustained } = worstDay(config.limits.values);
  return [
    info(
      'requests-accepted',
      `Accepting requests from ${config.origins.join(', ')}, for calls to ${config.countries.join(', ')}.`,
    ),
    { level: 'info', event: 'worst-case', message: worstCaseLine(config), fields: { callsPerDay: sustained } },
    info(
      'scheduling-limit',
      `At most ${shown(config.limits.values.scheduled)} scheduled callbacks may be waiting at once (${limitSettings.scheduled.setting}).`,
    ),
  ];
}

/**
 * Ringing calls are polled every two seconds, so the number of concurrent calls determines the rate that is needed. Several instances
 * share the rate in whole numbers.
 */
function pollRateLines({ limits, origins, instances }: ProxyConfig): readonly ReportLine[] {
  const { allInFlight, siteInFlight, pollsPerSecond } = limits.values;
  const onAllSites = siteInFlight * origins.length;
  const calls = Math.min(allInFlight, onAllSites);
  const needed = Math.ceil((calls * 1_000) / pollBeforeAnswerMs);
  const rate = pollsPerSecond === 0 ? 0 : shareOf(pollsPerSecond, instances) * instances;
  if (rate >= needed) return [];
  const { setting } = limitSettings[calls === allInFlight ? 'allInFlight' : 'siteInFlight'];
  const allowed = shown(calls === allInFlight ? allInFlight : siteInFlight);
  const polled =
    rate === 0
      ? 'no call is polled, and pages never show how one proceeds'
      : `if all calls ring at once, each is polled only every ${shown(Math.ceil(calls / rate))} s, and pages show an answered call late`;
  const enough = shown(Math.ceil(needed / instances) * instances);
  return [
    warning(
      'poll-rate-too-low',
      `${limitSettings.pollsPerSecond.setting}=${shown(pollsPerSecond)} is too low for ${setting}=${allowed}: ${polled}. Set it to ${enough}, or allow fewer concurrent calls.`,
    ),
  ];
}

/** A stream takes a connection for as long as a call lasts. */
function connectionLines({ streams, connections, connectionsPerAddress }: Limits): readonly ReportLine[] {
  const { setting } = limitSettings.connections;
  if (connections === 0 || connectionsPerAddress === 0) {
    const none = connections === 0 ? setting : limitSettings.connectionsPerAddress.setting;
    return [
      warning('no-connections', `${none}=0: nobody can connect${connections === 0 ? '' : ', except trusted proxies'}.`),
    ];
  }
  if (connections > streams) return [];
  return [
    warning(
      'connections-too-few',
      `${setting}=${shown(connections)} is not above ${limitSettings.streams.setting}=${shown(streams)}: pages that follow a call can take every connection, and then nobody can request one.`,
    ),
  ];
}

function noticeLines({ notices: { unquoted, unknown } }: ProxyConfig): readonly ReportLine[] {
  return [
    ...(unquoted.length > 0
      ? [warning('quotes-removed', `Quotation marks around the value of ${unquoted.join(', ')} were removed.`)]
      : []),
    ...unknown.map(({ name, nearest }) =>
      warning(
        'unknown-setting',
        `${name} is not a setting of this proxy and is ignored.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`,
      ),
    ),
  ];
}

function widerLimits(limits: Limits): string {
  return limitNames
    .filter((name) => limits[name] > limitSettings[name].shipped)
    .map((name) => `${limitSettings[name].setting}=${shown(limits[name])}`)
    .join(' ');
}

const info = (event: string, message: string): ReportLine => ({ level: 'info', event, message });
const warning = (event: string, message: string): ReportLine => ({ level: 'warn', event, message });

/** In groups of three: the log would redact a longer run of digits as a phone number. */
const shown = (value: number): string => value.toLocaleString('en');
