// The types that a page's own code may name: events, their details, properties. Exported by every npm entry; nothing here runs.

import type { LitElement } from 'lit';
import type { CallbackProperties } from './polyai-callback.properties.js';

type Own = Omit<CallbackProperties, keyof HTMLElement | keyof LitElement>;

/** The properties of `<polyai-callback>`, in addition to what every element has. */
export type PolyaiCallbackProperties = { readonly [Name in keyof Own]?: Own[Name] | undefined };

export type {
  Answerer,
  CallStatus,
  Disposition,
  NumberReason,
  ProblemCode,
  Slot,
  TerminalStatus,
} from '../contract.js';
export type { StringOverrides } from './i18n/localizer.js';
export type {
  BeforeCallDetail,
  EndedDetail,
  ErrorDetail,
  OutcomeDetail,
  PolyaiCallbackEventDetails,
  PolyaiCallbackEventName,
  PolyaiCallbackEvents,
  ProgressDetail,
  RefusedDetail,
  RequestedDetail,
  ScheduledDetail,
} from './internal/events.js';
