// What the owner's page and the admin listener exchange: paths, query parameters and bodies. It imports only the contract. No body
// contains a phone number.

import type { CallStatus, JournalItem, TerminalStatus } from './contract.js';

/** Paths on the admin listener. */
export const ownerPaths = {
  page: '/',
  script: '/owner.js',
  style: '/owner.css',
  summary: '/api/summary',
  call: '/api/call',
  csv: '/api/export.csv',
  jsonl: '/api/export.jsonl',
  signIn: '/sign-in',
  signOut: '/sign-out',
} as const;

/** Periods to choose from: since midnight, the last seven days, the last thirty days. Each includes today. */
export const periods = ['today', 'week', 'month'] as const;
/** One of {@link periods}. */
export type Period = (typeof periods)[number];

/** What calls can be grouped and filtered by. */
export const dimensions = ['site', 'page', 'campaign', 'country', 'result'] as const;
/** One of {@link dimensions}. */
export type Dimension = (typeof dimensions)[number];

/** The value of a dimension that a call does not have. */
export const noValue = '(none)';

/** How a call ended, or that it has not. `voicemail`: the agent reported that a machine answered. */
export const results = [
  'answered',
  'voicemail',
  'no-answer',
  'busy',
  'failed',
  'canceled',
  'unknown',
  'active',
  'waiting',
] as const;
/** One of {@link results}. */
export type Result = (typeof results)[number];

/** Query of the summary and of the exports: which calls. */
export interface OwnerFilter {
  readonly period: Period;
  /** IANA zone in which days begin. */
  readonly zone: string;
  readonly by: Readonly<Partial<Record<Dimension, string>>>;
}

/** Numbers of one group of calls. */
export interface Group {
  readonly value: string;
  readonly calls: number;
  readonly answered: number;
}

/** Numbers of one hour or day. `from`: its first instant (RFC 3339). */
export interface Bucket {
  readonly from: string;
  readonly calls: number;
  readonly answered: number;
}

/** The distribution of a duration, whole seconds. */
export interface Spread {
  readonly count: number;
  readonly median: number;
  /** 90 % were at most this long. */
  readonly p90: number;
}

/** One allowance against its cap. */
export interface AllowanceUse {
  /** The setting of the cap. */
  readonly setting: string;
  /** What it is per, such as a site or a country, if not everything. */
  readonly of?: string;
  readonly used: number;
  readonly cap: number;
  /** For an allowance that refills, milliseconds. */
  readonly windowMs?: number;
  /** What the used part and the whole cap may cost, in the currency of the summary; absent without a price. */
  readonly money?: { readonly used: number; readonly cap: number };
}

/** A count under a name. */
export interface Count {
  readonly name: string;
  readonly count: number;
}

/** PolyAI's API as this process sees it, in the last hour. */
export interface UpstreamHealth {
  readonly isCredentialRefused: boolean;
  readonly triggers: readonly Count[];
  readonly statusRequests: readonly Count[];
  /** Time of a trigger, milliseconds. */
  readonly triggerMs?: { readonly median: number; readonly p90: number };
}

/** One call in a list. */
export interface ListedCall {
  readonly id: string;
  readonly createdAt: string;
  readonly status: CallStatus;
  readonly result: Result;
  readonly site: string;
  readonly page: string;
  readonly campaign: string;
  readonly country: string;
  readonly ringSeconds?: number;
  readonly answerSeconds?: number;
  readonly talkSeconds?: number;
  readonly scheduledFor?: string;
}

/** One call with its journal. */
export interface OwnerCall extends ListedCall {
  readonly polyAiId?: string;
  readonly because?: string;
  /** The call that was, or will be, made once more after this one; and the call that this one repeats. */
  readonly redialId?: string;
  readonly redialOf?: string;
  readonly locale?: string;
  readonly journal: readonly JournalItem[];
  readonly attribution: Readonly<Record<string, string>>;
}

/** Everything the page shows, for one filter. */
export interface OwnerSummary {
  /** When this was read (RFC 3339). */
  readonly now: string;
  readonly business: string;
  readonly sandbox: boolean;
  readonly version: string;
  /** How many proxies share the database. Refusals and PolyAI's answers are those of the one that responded. */
  readonly instances: number;
  readonly filter: OwnerFilter;
  /** The first and the last instant of the period (RFC 3339). */
  readonly from: string;
  readonly until: string;
  /** True when the period has more calls than are read: the oldest are left out. */
  readonly isPartial: boolean;
  readonly totals: { readonly [Name in Result]: number } & { readonly calls: number };
  /** Of the calls that reached a phone, the share that was answered and not reported as a voicemail, 0 to 1. */
  readonly answerRate?: number;
  readonly toRing?: Spread;
  readonly toAnswer?: Spread;
  readonly talk?: Spread & { readonly totalSeconds: number };
  /** An estimate from the lengths of calls; absent without a price. */
  readonly spent?: { readonly amount: number; readonly currency: string };
  readonly overTime: readonly Bucket[];
  /** By hour of the day in the filter's zone, 24 entries. */
  readonly byHour: readonly Omit<Bucket, 'from'>[];
  readonly groups: Readonly<Record<Dimension, readonly Group[]>>;
  /** Counted in memory by this process, whatever the filter. */
  readonly refusals: {
    readonly since: string;
    readonly codes: readonly Count[];
    readonly allowances: readonly Count[];
  };
  readonly allowances: readonly AllowanceUse[];
  readonly currency?: string;
  readonly upstream: UpstreamHealth;
  /** What is under way, the callbacks that wait for their time, and the calls that wait for a limit. */
  readonly queue: { readonly inFlight: number; readonly scheduled: number; readonly waiting: number };
  /** The latest calls of the filter. */
  readonly calls: readonly ListedCall[];
}

/** The statuses after which a call cannot change, by how the page names them. */
export const resultOfStatus: Readonly<Record<TerminalStatus, Result>> = {
  completed: 'answered',
  failed: 'failed',
  'no-answer': 'no-answer',
  busy: 'busy',
  cancelled: 'canceled',
  unknown: 'unknown',
};
