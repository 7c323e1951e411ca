// Which texts belong to a phase. It knows keys, not languages, and claims no more than was reported.

import type { CallSnapshot } from '../../contract.js';
import type { Called, PhaseName } from '../call/call-state.js';
import { duration, joinSentences } from '../i18n/format.js';
import { refusalOf } from './problem-message.js';
import { isStuck } from './slot-times.js';
import { isWaiting, type ViewModel } from './view-model.js';

/** The title of the phase; empty for the form, whose heading is a slot. */
export function titleOf({ name, state, localizer, countryName }: ViewModel): string {
  if (name === 'form' || name === 'fallback' || name === 'closed') return '';
  const call = 'call' in state ? state.call : undefined;
  const slot = call?.scheduledFor;
  return localizer.t(call && isConversation(call) ? 'conversation-title' : `${name}-title`, {
    time: slot ? localizer.formatTime(slot.at) : '',
    country: state.phase === 'confirm-country' ? countryName(state.country) : '',
  });
}

/** The sentence under the title; empty if there is none. */
export function detailOf(model: ViewModel): string {
  const { name, state, localizer, callerId, number } = model;
  switch (state.phase) {
    case 'form':
    case 'fallback':
      return '';
    case 'checking':
    case 'submitting':
    case 'confirm-country':
      return localizer.t(`${state.phase}-detail`, { number: number(state.intent.phone) });
    case 'choosing':
      return localizer.t(state.slots.length > 0 ? `choosing-${state.because}` : 'choosing-none', {
        number: number(state.intent.phone),
      });
    case 'refused':
      return refusalOf(model, state.problem);
    case 'following':
      if (name === 'ringing' && callerId) return localizer.t('ringing-caller', { number: number(callerId) });
      return joinSentences([
        ...whomWeCall(model, state),
        localizer.t(isStuck(model) ? 'stuck-detail' : `${name as CallPhaseName}-detail`),
      ]);
    case 'ended':
      return endOf(model, state.call);
  }
}

/** The number that will ring, as far as this page knows it: masked after a reload, because numbers are not stored. */
function whomWeCall({ name, localizer, number }: ViewModel, { intent, maskedPhone }: Called): readonly string[] {
  const phone = intent ? number(intent.phone) : maskedPhone;
  const isStillToRing = isWaiting(name) || name === 'scheduled';
  return isStillToRing && phone !== undefined ? [localizer.t('submitting-detail', { number: phone })] : [];
}

function endOf({ localizer, name, now }: ViewModel, call: CallSnapshot): string {
  if (call.endedBecause) return localizer.t(`because-${call.endedBecause}`);
  if (name === 'completed') {
    const talked = talkedMs(call, call.now);
    const key = isConversation(call) ? 'conversation-detail' : 'completed-detail';
    return talked === undefined ? '' : localizer.t(key, { duration: duration(talked, localizer.locale) });
  }
  const detail = localizer.t(`${name as CallPhaseName}-detail`);
  // Until the button appears, the text says when it will.
  if (!call.tryAgainAt || (name !== 'unknown' && Date.parse(call.tryAgainAt) <= now)) return detail;
  return joinSentences([detail, localizer.t('retry-at', { time: localizer.formatTime(call.tryAgainAt) })]);
}

/** By then a voicemail greeting and a message left after it are over, milliseconds. */
const conversationMs = 60_000;

/** True for a completed call that was answered and lasted as long as a conversation. `completed` alone may be a voicemail. */
export const isConversation = (call: CallSnapshot): boolean =>
  call.status === 'completed' && (talkedMs(call, call.now) ?? 0) >= conversationMs;

/** How long a call has lasted, from the answer to its end or to `now`; undefined when it was not answered. */
export function talkedMs(call: CallSnapshot, now: number | string): number | undefined {
  const answered = call.history.find(({ status }) => status === 'in-progress');
  const end = call.history.at(-1);
  if (!answered) return undefined;
  const until = end && end !== answered ? end.at : now;
  return Math.max(0, new Date(until).getTime() - Date.parse(answered.at));
}

/** The phases in which there is a call. */
type CallPhaseName = Extract<PhaseName, CallSnapshot['status'] | 'talking'>;
