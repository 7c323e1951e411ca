// One stored call as the facts that figures are made of: its groups, its result and its durations. Pure. There is no phone number in
// a fact, because there is none in a call.

import { isTerminal, type CallStatus, type JournalItem } from '../../contract.js';
import { type Dimension, type ListedCall, noValue, type Result, resultOfStatus } from '../../owner-contract.js';
import type { CallDetails } from '../store/store.js';

/** The facts of one call. Durations in seconds. */
export interface CallFacts {
  readonly createdAt: number;
  readonly result: Result;
  /** True when somebody, or something that is not known to be a machine, answered. */
  readonly isAnswered: boolean;
  readonly by: Readonly<Record<Dimension, string>>;
  /** From the request (for a callback at a chosen time: from when it was placed) until the phone rang. */
  readonly ringSeconds?: number;
  /** From the first ring until the call was answered. */
  readonly answerSeconds?: number;
  readonly talkSeconds?: number;
}

/** The facts of a call. */
export function factsOf(details: CallDetails): CallFacts {
  const { call } = details;
  const at = (status: CallStatus): number | undefined => timeIn(call.history, status);
  const answeredAt = at('in-progress');
  const ringSeconds = secondsBetween(at('requested'), at('ringing'));
  const answerSeconds = secondsBetween(at('ringing'), answeredAt);
  const talkSeconds = isTerminal(call.status) ? secondsBetween(answeredAt, at(call.status)) : undefined;
  const result = resultOf(details);
  return {
    createdAt: call.createdAt,
    result,
    isAnswered: result === 'answered' || (result === 'active' && answeredAt !== undefined),
    by: {
      site: call.origin,
      page: pathOf(details.consent?.page),
      campaign: campaignOf(details.attribution),
      country: details.country ?? noValue,
      result,
    },
    ...(ringSeconds !== undefined && { ringSeconds }),
    ...(answerSeconds !== undefined && { answerSeconds }),
    ...(talkSeconds !== undefined && { talkSeconds }),
  };
}

/** The call as a row of the list. */
export function listed(details: CallDetails): ListedCall {
  const { call } = details;
  const { by, result, ringSeconds, answerSeconds, talkSeconds } = factsOf(details);
  return {
    id: call.id,
    createdAt: new Date(call.createdAt).toISOString(),
    status: call.status,
    result,
    site: by.site,
    page: by.page,
    campaign: by.campaign,
    country: by.country,
    ...(ringSeconds !== undefined && { ringSeconds }),
    ...(answerSeconds !== undefined && { answerSeconds }),
    ...(talkSeconds !== undefined && { talkSeconds }),
    ...(call.scheduledFor !== undefined && { scheduledFor: call.scheduledFor.at }),
  };
}

function resultOf({ call }: CallDetails): Result {
  if (!isTerminal(call.status)) return call.stage === 'scheduled' ? 'waiting' : 'active';
  const result = resultOfStatus[call.status];
  return result === 'answered' && call.outcome?.answeredBy === 'voicemail' ? 'voicemail' : result;
}

/** The path of a page's URL: the site is a dimension of its own. */
function pathOf(page: string | undefined): string {
  if (page === undefined || !URL.canParse(page)) return noValue;
  return new URL(page).pathname;
}

const campaignOf = (attribution: CallDetails['attribution']): string =>
  attribution?.campaign ?? attribution?.source ?? noValue;

const timeIn = (history: readonly JournalItem[], status: CallStatus): number | undefined => {
  const item = history.find((one) => one.status === status);
  return item && Date.parse(item.at);
};

/** Undefined when one of the two is unknown; never negative, whatever the clocks did. */
function secondsBetween(from: number | undefined, until: number | undefined): number | undefined {
  return from === undefined || until === undefined ? undefined : Math.max(0, Math.round((until - from) / 1_000));
}
