// The allowances that all visitors share, against their caps, with the money they stand for. Those of one person or one address are
// never shown.

import type { AllowanceUse } from '../../owner-contract.js';
import type { Price } from '../config/config.js';
import { everybody } from '../gates/bookings.js';
import { type LimitName, type Limits, limitSettings, ruleOf } from '../gates/limits.js';
import type { Consumption, Scope } from '../store/store.js';
import type { OwnerStore } from './owner-store.js';

/** What determines the list. */
export interface AllowanceSources {
  readonly store: Pick<OwnerStore, 'usage' | 'countTaken'>;
  readonly limits: Limits;
  readonly origins: readonly string[];
  readonly countries: readonly string[];
  readonly homeCountry: string | undefined;
  readonly price: Price;
}

interface Shared {
  readonly name: LimitName;
  readonly scope: Scope;
  readonly key: string;
  readonly of?: string;
}

/** Reads them. One statement for the allowances, two for what is under way. */
export async function allowanceUse(sources: AllowanceSources): Promise<readonly AllowanceUse[]> {
  const { store, limits, origins, countries, homeCountry } = sources;
  const isAbroadPossible = countries.some((country) => country !== homeCountry);
  const shared: readonly Shared[] = [
    { name: 'allPerDay', scope: 'all', key: 'all' },
    ...(isAbroadPossible ? [{ name: 'abroadPerDay', scope: 'abroad', key: 'all' } as const] : []),
    ...origins.map((of) => ({ name: 'sitePerDay', scope: 'site', key: of, of }) as const),
    ...origins.map((of) => ({ name: 'sitePerHour', scope: 'site', key: of, of }) as const),
    ...countries.map((of) => ({ name: 'countryPerHour', scope: 'country', key: of, of }) as const),
    { name: 'scheduledPerHour', scope: 'all', key: everybody },
  ];
  const consumptions = shared.map(
    ({ name, scope, key }): Consumption => ({ scope, key: `${name}:${key}`, rule: ruleOf(limits, name) }),
  );
  const [used, [all = 0, scheduled = 0, ...sites]] = await Promise.all([
    store.usage(consumptions),
    store.countTaken([
      { scope: 'all', key: everybody },
      { scope: 'scheduled', key: everybody },
      ...origins.map((key) => ({ scope: 'site', key }) as const),
    ]),
  ]);
  const inFlight = (name: LimitName, count: number, of?: string): AllowanceUse => ({
    setting: limitSettings[name].setting,
    used: count,
    cap: limits[name],
    ...(of !== undefined && { of }),
  });
  return [
    ...shared.map(({ name, of }, index) => refilling(sources, name, used[index] ?? 0, of)),
    inFlight('allInFlight', all),
    ...origins.map((origin, index) => inFlight('siteInFlight', sites[index] ?? 0, origin)),
    inFlight('scheduled', scheduled),
  ];
}

function refilling(
  { limits, price }: AllowanceSources,
  name: LimitName,
  used: number,
  of: string | undefined,
): AllowanceUse {
  const { setting, windowMs } = limitSettings[name];
  const cap = limits[name];
  const { perMinute, minutesPerCall } = price;
  // A booking costs nothing until it is placed.
  const isPaid = perMinute !== undefined && name !== 'scheduledPerHour';
  const moneyOf = (calls: number): number => calls * minutesPerCall * (perMinute ?? 0);
  return {
    setting,
    used,
    cap,
    ...(of !== undefined && { of }),
    ...(windowMs !== undefined && { windowMs }),
    ...(isPaid && { money: { used: moneyOf(used), cap: moneyOf(cap) } }),
  };
}
