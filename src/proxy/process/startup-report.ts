// What the operator reads at start: where it listens, what is a sandbox, what a day can cost, and what was loosened.

import type { ProxyConfig } from '../config/config.js';
import { limitNames, type Limits, limitSettings, worstDay } from '../gates/limits.js';

/** One line each, without secrets. */
export function startLines(config: ProxyConfig, url: string): string[] {
  const { sandbox, limits, challenge, trustedProxies } = config;
  return [
    `polyai-callback listens on ${url}`,
    ...(sandbox
      ? [
          'SANDBOX: no credential is set, calls go to a built-in stand-in, no real phone rings.',
          ...(config.sandboxClock === undefined
            ? []
            : [`SANDBOX_CLOCK: it is ${new Date(config.sandboxClock).toISOString()} here, and the hours are kept.`]),
          `Sandbox limits, wider than those with a credential: ${widerLimits(limits.values)}`,
        ]
      : [
          `Pages of ${config.origins.join(', ')} may ask for calls to ${config.countries.join(', ')}.`,
          worstCaseLine(config),
        ]),
    ...limits.raised.map(
      ({ setting, shipped, value }) => `WARNING: ${setting}=${String(value)} is above the shipped ${String(shipped)}.`,
    ),
    ...(challenge.kind === 'none'
      ? ['WARNING: CHALLENGE=none: nothing but the limits stands between a script and paid calls.']
      : []),
    ...(trustedProxies.kind === 'hops'
      ? [
          `X-Forwarded-For is believed for ${String(trustedProxies.hops)} proxies: nobody may reach this port around them.`,
        ]
      : []),
  ];
}

/** Calls × minutes × price. */
export function worstCaseLine({ limits, price }: Pick<ProxyConfig, 'limits' | 'price'>): string {
  const { sustained, first } = worstDay(limits.values);
  const { minutesPerCall, perMinute, currency } = price;
  const cost = (calls: number): string => {
    const minutes = `${String(calls)} calls × ${String(minutesPerCall)} minutes`;
    if (perMinute === undefined) return `${minutes} = ${String(calls * minutesPerCall)} minutes`;
    return `${minutes} × ${String(perMinute)} = ${(calls * minutesPerCall * perMinute).toFixed(2)} ${currency}`;
  };
  const advice = perMinute === undefined ? ' (set PRICE_PER_MINUTE to see it in money)' : '';
  const burst = first > sustained ? `; in the first 24 hours ${cost(first)}` : '';
  return `Worst case per day: ${cost(sustained)}${burst}${advice}.`;
}

function widerLimits(limits: Limits): string {
  return limitNames
    .filter((name) => limits[name] > limitSettings[name].shipped)
    .map((name) => `${limitSettings[name].setting}=${String(limits[name])}`)
    .join(' ');
}
