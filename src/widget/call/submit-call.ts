// From a confirmed press to the proxy's response: solves the challenge, builds the request and sends it under one idempotency key,
// or fetches the times to choose from. The caller decides whether to submit, the machine what follows.

import type { CallAccepted, CallRequest, ChallengeAnswer, Site, Slot } from '../../contract.js';
import { browserZone, type CallContext, callRequest } from '../api/call-request.js';
import { newIdempotencyKey, type ProxyClient } from '../api/proxy-client.js';
import type { CallIntent, Problem, Result } from '../api/result.js';
import type { SolveChallenge } from './call-options.js';

/** What a submission needs. */
export interface Submission {
  readonly intent: CallIntent;
  /** Fetch the times to choose from, whatever the hour. */
  readonly forSlots: boolean;
  readonly site: Site;
  readonly client: ProxyClient;
  /** Read when the request is built: what the page shows then is what is sent. */
  readonly context: () => CallContext;
  readonly solve: SolveChallenge;
  /** Where Turnstile is shown. */
  readonly host: HTMLElement;
  /** Called before a request is sent, with everything needed to resend it. Returns false to prevent it. */
  readonly onSend: (request: CallRequest, idempotencyKey: string) => boolean;
}

/** How a submission ended. */
export type SubmissionOutcome =
  | { readonly kind: 'accepted'; readonly call: CallAccepted }
  | {
      readonly kind: 'slots';
      readonly slots: readonly Slot[];
      readonly because: 'outside-hours' | 'preferred' | 'closed';
    }
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** The signal aborted, or `onSend` returned false. Nothing to show. */
  | { readonly kind: 'superseded' };

/** Submits a call. Never rejects. */
export async function submitCall(submission: Submission, signal: AbortSignal): Promise<SubmissionOutcome> {
  const { intent, forSlots, site } = submission;
  if (forSlots || (!site.opening.open && intent.scheduleAt === undefined)) return offerSlots(submission, signal);
  const { outcome, wasSent } = await requestCall(submission, signal);
  // A solution may have expired or been used by the time it arrives: retry once without bothering the visitor.
  const isSpent = wasSent && outcome.kind === 'refused' && outcome.problem.code === 'challenge-failed';
  return isSpent ? (await requestCall(submission, signal)).outcome : outcome;
}

/** Interprets the response to a request; `superseded` when nobody waits for it. */
export function outcomeOf(result: Result<CallAccepted>, signal: AbortSignal): SubmissionOutcome {
  if (signal.aborted) return superseded;
  return result.ok ? { kind: 'accepted', call: result.value } : { kind: 'refused', problem: result.problem };
}

interface Attempt {
  readonly outcome: SubmissionOutcome;
  /** Called when the proxy has responded. */
  readonly wasSent: boolean;
}

const superseded: SubmissionOutcome = { kind: 'superseded' };
const unsent = (outcome: SubmissionOutcome): Attempt => ({ outcome, wasSent: false });

/** One challenge, one key, one request. */
async function requestCall(submission: Submission, signal: AbortSignal): Promise<Attempt> {
  const { intent, client, context, onSend } = submission;
  const challenge = await answerChallenge(submission, signal);
  if (signal.aborted) return unsent(superseded);
  if (!challenge.ok) return unsent({ kind: 'refused', problem: challenge.problem });
  const request = await callRequest(intent, context(), challenge.value);
  const key = newIdempotencyKey();
  if (signal.aborted || !onSend(request, key)) return unsent(superseded);
  return { outcome: outcomeOf(await client.createCall(request, key, signal), signal), wasSent: true };
}

async function answerChallenge(
  { site, client, solve, host }: Submission,
  signal: AbortSignal,
): Promise<Result<ChallengeAnswer | undefined>> {
  const { kind, siteKey } = site.challenge;
  if (kind === 'none') return { ok: true, value: undefined };
  let puzzle: unknown;
  if (kind === 'altcha') {
    const fetched = await client.challenge(signal);
    if (!fetched.ok) return fetched;
    puzzle = fetched.value;
  }
  try {
    const task = { kind, puzzle, ...(siteKey !== undefined && { siteKey }) };
    return { ok: true, value: await solve(task, signal, host) };
  } catch {
    return { ok: false, problem: { code: 'challenge-failed' } };
  }
}

async function offerSlots({ intent, site, client }: Submission, signal: AbortSignal): Promise<SubmissionOutcome> {
  const timeZone = browserZone();
  const result = await client.slots({ phone: intent.phone, ...(timeZone && { timeZone }) }, signal);
  if (signal.aborted) return superseded;
  if (!result.ok) return { kind: 'refused', problem: result.problem };
  const { openNow, slots } = result.value;
  return { kind: 'slots', slots, because: site.opening.open ? (openNow ? 'preferred' : 'outside-hours') : 'closed' };
}
