// What one call of the fake does: its phases by age, and the faults its responses may have. Data only; nothing here touches a socket.

/** A way in which a response fails. The request has been read by then, except with `reset-unread`. */
export type Fault =
  /** An arbitrary response. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** PolyAI's own error: each generation has its own format, and `body` is the connector generation's. */
      readonly own?: { readonly error: string; readonly code: string };
    }
  /** A correct response to a trigger, except for the call's ID. */
  | { readonly kind: 'id'; readonly id: unknown }
  /** Never responds. */
  | { readonly kind: 'hang' }
  /** Promises more bytes than it sends, then closes. */
  | { readonly kind: 'truncate' }
  /** A body of this many bytes. */
  | { readonly kind: 'flood'; readonly bytes: number }
  /** A small gzip body that unpacks to this many bytes. */
  | { readonly kind: 'gzip-bomb'; readonly bytes: number }
  /** A correct response, one byte at a time. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** TCP reset after the request was read: the call may have been placed. */
  | { readonly kind: 'reset' }
  /** TCP reset before the body was read. Only through `failNext`: the number is in the body. */
  | { readonly kind: 'reset-unread' };

/** One phase: PolyAI's name for it, and the call's age at which it begins, milliseconds at time scale 1. */
export interface Step {
  readonly status: string;
  readonly atMs: number;
}

/** Everything that happens to a call to one number. */
export interface Script {
  readonly steps: readonly Step[];
  /** What the trigger request gets instead of its `200`. */
  readonly trigger?: Fault;
  /** False when the trigger's fault means that no phone rings (a refusal, PolyAI's own 500). */
  readonly rings?: boolean;
  /** What a status request gets instead of its `200`, while the call is younger than `forMs` (absent: always). */
  readonly statusFault?: { readonly fault: Fault; readonly forMs?: number };
}

const opening: readonly Step[] = [
  { status: 'CREATED', atMs: 0 },
  { status: 'queued', atMs: 1_000 },
  { status: 'ringing', atMs: 3_000 },
];

/** A call that is answered and completes after 24 s: the pace of the demo. */
export const completes: Script = {
  steps: [...opening, { status: 'in-progress', atMs: 9_000 }, { status: 'completed', atMs: 24_000 }],
};

/** A call that rings and then ends in `status`. */
export const endsIn = (status: string, atMs = 12_000): Script => ({ steps: [...opening, { status, atMs }] });

/** The same phases, `factor` times as far apart. */
export const slowed = (script: Script, factor: number): Script => ({
  ...script,
  steps: script.steps.map((step) => ({ ...step, atMs: step.atMs * factor })),
});

/** The phases up to and including `status`, where the call stays. */
export const stuckIn = (status: string): Script => {
  const last = completes.steps.findIndex((step) => step.status === status);
  return { steps: completes.steps.slice(0, last + 1) };
};

/** A trigger request that fails. `rings`: whether a phone rings nevertheless. */
export const triggerFault = (trigger: Fault, rings: boolean): Script => ({ ...completes, trigger, rings });

/** A call that is placed but whose status requests fail, always or while it is younger than `forMs`. */
export const statusFault = (fault: Fault, forMs?: number): Script => ({
  ...completes,
  statusFault: forMs === undefined ? { fault } : { fault, forMs },
});

/** An error in PolyAI's format. The shape of the connector generation's errors is not documented; this is the `token` generation's. */
export const errorAnswer = (
  status: number,
  error: string,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Fault & { readonly kind: 'answer' } => ({
  kind: 'answer',
  status,
  body: JSON.stringify({ error, code }),
  own: { error, code },
  headers: { 'Content-Type': 'application/json', ...headers },
});
