// The body of a message: the event as Standard Webhooks specifies it, or in the shape that an endpoint configures. Decrypts the number and the
// texts of a report for those endpoints that get them.

import type { Keyring } from '../secrets/keyring.js';
import type { Delivery } from '../store/outbox.js';
import type { Json, WebhookEndpoint } from './endpoint.js';

/** Decrypts the report of a delivery, undefined if there is none; provided by outcomes/. Throws when it cannot be decrypted. */
export type OpenOutcome = (delivery: Delivery) => object | undefined;

/** What a message is made with. */
export interface MessageDeps {
  readonly keyring: Pick<Keyring, 'open'>;
  readonly openOutcome: OpenOutcome;
}

/** The text of a message's body. */
export function bodyOf(endpoint: WebhookEndpoint, delivery: Delivery, { keyring, openOutcome }: MessageDeps): string {
  const { event, at, data, sealedNumber } = delivery;
  const number = endpoint.number && sealedNumber !== undefined ? opened(keyring, sealedNumber) : undefined;
  const outcome = event === 'call.outcome' ? reportOf(delivery, openOutcome) : undefined;
  const message: Json = {
    type: event,
    timestamp: new Date(at).toISOString(),
    data: {
      ...(data as Readonly<Record<string, Json>>),
      ...(number !== undefined && { number }),
      ...(outcome !== undefined && { outcome }),
    },
  };
  return JSON.stringify(endpoint.body === undefined ? message : filled(endpoint.body, message));
}

/** What is stored in clear, where the texts cannot be decrypted. */
function reportOf(delivery: Delivery, openOutcome: OpenOutcome): Json | undefined {
  try {
    return openOutcome(delivery) as Json | undefined;
  } catch {
    const { answeredBy, disposition } = delivery.outcome ?? {};
    return answeredBy === undefined || disposition === undefined ? undefined : { answeredBy, disposition };
  }
}

/** Undefined when the key is no longer there: the event is sent without the number. */
function opened(keyring: Pick<Keyring, 'open'>, sealed: string): string | undefined {
  try {
    return keyring.open(sealed);
  } catch {
    return undefined;
  }
}

const placeholder = /\{\{\s*([\w.]{1,80})\s*\}\}/g;
const wholePlaceholder = /^\{\{\s*([\w.]{1,80})\s*\}\}$/;

/**
 * A template with its placeholders filled. A string that is one placeholder becomes the value itself, null if there is none; inside other text
 * a value becomes text, and nothing if there is none. Only values are inserted: nothing in an event can change the shape.
 */
export function filled(template: Json, message: Json): Json {
  if (typeof template === 'string') {
    const whole = wholePlaceholder.exec(template)?.[1];
    if (whole !== undefined) return valueAt(message, whole) ?? null;
    return template.replace(placeholder, (_, path: string) => textOf(valueAt(message, path)));
  }
  if (typeof template !== 'object' || template === null) return template;
  if (isList(template)) return template.map((item) => filled(item, message));
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, filled(value, message)]));
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function valueAt(message: Json, path: string): Json | undefined {
  let value: Json | undefined = message;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, Json>>)[name];
  }
  return value;
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object' && isList(value)) return value.map(textOf).join(' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
