// How each generation of PolyAI's API writes the same call: its routes, its credential's header, its bodies and its errors,
// according to PolyAI's documentation. What happens to a call is decided elsewhere.

/** The accounts of the fake: one credential per generation. */
export interface FakeAccounts {
  readonly accountId: string;
  readonly projectId: string;
  /** The credential that is accepted. */
  readonly connectorId: string;
  /** A second credential that is accepted but whose holder does not see the first one's calls. */
  readonly otherConnectorId?: string;
  /** The `token` generation's credential; without it, that generation refuses every credential. */
  readonly authToken?: string;
  /** The `agents` generation's agent, credential and environment; without it, that generation refuses every one. */
  readonly agents?: { readonly agentId: string; readonly apiKey: string; readonly environment: string };
}

/** What a request is for. */
export type Requested =
  | { readonly kind: 'trigger' }
  | { readonly kind: 'status'; readonly id: string; readonly environment?: string };

/** A trigger's body, or what is wrong with it. */
export type ParsedTrigger =
  | { readonly number: string; readonly metadata?: unknown }
  | { readonly wrong: string; readonly httpStatus: 400 | 404 };

/** The state of a call, as the connector generation names it. */
export interface CallState {
  readonly id: string;
  readonly connectorId: string;
  readonly createdAt: string;
  readonly status: string;
  readonly updatedAt: string;
  readonly history: readonly { readonly status: string; readonly at: string }[];
}

/** One generation's way of writing. */
export interface Dialect {
  /** Undefined when the path does not belong to this generation. */
  read(method: string, path: string): Requested | undefined;
  /** Name of the credential's header, in lower case. */
  readonly credentialHeader: string;
  /** The accepted credentials. */
  readonly credentials: readonly (string | undefined)[];
  parseTrigger(body: Readonly<Record<string, unknown>>): ParsedTrigger;
  /** The response to a trigger. */
  accepted(id: unknown): object;
  /** The response to a status request. */
  status(call: CallState): object;
  /** The body of an error. */
  error(error: string, code: string): object;
  /** The HTTP status for an unknown call; 400 where none is documented. */
  readonly unknownCall: 400 | 404;
}

/** Every generation. */
export const dialectsOf = (accounts: FakeAccounts): readonly Dialect[] => [
  connectorDialect(accounts),
  tokenDialect(accounts),
  agentsDialect(accounts),
];

const e164 = /^\+[1-9]\d{6,14}$/;

const connectorDialect = ({ accountId, projectId, connectorId, otherConnectorId }: FakeAccounts): Dialect => {
  const base = `/api/v1/${accountId}/${projectId}/outbound-call`;
  return {
    credentialHeader: 'x-connector-id',
    credentials: [connectorId, otherConnectorId],
    unknownCall: 404,
    read: (method, path) => {
      if (method === 'POST' && path === `${base}/trigger`) return { kind: 'trigger' };
      if (method === 'GET' && path.startsWith(`${base}/status/`))
        return { kind: 'status', id: decoded(path.slice(`${base}/status/`.length)) };
      return undefined;
    },
    parseTrigger: ({ phone_number: number, metadata }) => {
      if (typeof number !== 'string' || !e164.test(number)) return wrong('phone_number is not E.164');
      if (metadata === undefined) return { number };
      return typeof metadata === 'object' && metadata !== null
        ? { number, metadata }
        : wrong('metadata is not an object');
    },
    accepted: (id) => ({ conversation_id: id }),
    status: (call) => ({
      call_sid: call.id,
      account_id: accountId,
      project_id: projectId,
      client_env: 'fake',
      connector_id: call.connectorId,
      created_at: call.createdAt,
      status: call.status,
      last_updated: call.updatedAt,
      event_history: call.history.map(({ status, at }) => ({ [status]: at })),
    }),
    error: (error, code) => ({ error, code }),
  };
};

const tokenDialect = ({ authToken }: FakeAccounts): Dialect => {
  const base = '/v1/outbound-calling';
  return {
    credentialHeader: 'x-polyai-auth-token',
    credentials: [authToken],
    unknownCall: 404,
    read: (method, path) => {
      if (method === 'POST' && path === base) return { kind: 'trigger' };
      const [, id] = /^\/v1\/outbound-calling\/([^/?]+)\/status$/.exec(path) ?? [];
      return method === 'GET' && id !== undefined ? { kind: 'status', id: decoded(id) } : undefined;
    },
    parseTrigger: ({ to_number: number, metadata, encryption }) => {
      if (typeof number !== 'string' || !e164.test(number)) return wrong('to_number is not E.164');
      if (encryption !== undefined && !isOneOf(['TLS/SRTP', 'TLS/RTP', 'UDP/SRTP', 'UDP/RTP'], encryption))
        return wrong('encryption is not known');
      return withMetadata(number, metadata);
    },
    accepted: (id) => ({ call_sid: id }),
    status: ({ status }) => shortStatus(status),
    error: (error, code) => ({ error, code }),
  };
};

const agentsDialect = ({ agents }: FakeAccounts): Dialect => {
  const base = `/v1/agents/${agents?.agentId ?? ''}/telephony/outbound-calls`;
  return {
    credentialHeader: 'x-api-key',
    credentials: [agents?.apiKey],
    unknownCall: 400,
    read: (method, path) => {
      if (agents === undefined) return undefined;
      const url = new URL(path, 'http://fake');
      if (method === 'POST' && url.pathname === base) return { kind: 'trigger' };
      const [, id] = /^\/([^/]+)\/status$/.exec(url.pathname.slice(base.length)) ?? [];
      if (method !== 'GET' || !url.pathname.startsWith(base) || id === undefined) return undefined;
      return { kind: 'status', id: decoded(id), environment: url.searchParams.get('environment') ?? '' };
    },
    parseTrigger: ({ toNumber: number, environment, encryption, metadata }) => {
      if (typeof number !== 'string' || !e164.test(number)) return wrong('toNumber is not E.164');
      if (!isOneOf(['sandbox', 'pre-release', 'live'], environment)) return wrong('environment is not known');
      if (environment !== agents?.environment) return wrong('no connector for that environment', 404);
      if (encryption !== undefined && encryption !== 'tls_srtp') return wrong('encryption is not known');
      return withMetadata(number, metadata);
    },
    accepted: (id) => ({ callSid: id, status: 'QUEUED' }),
    status: ({ id, status }) => {
      const short = shortStatus(status);
      return { callSid: id, ...short, status: short.status.toUpperCase() };
    },
    error: (error, code) => ({
      success: false,
      error,
      error_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      error_code: code.toUpperCase(),
      error_message: error,
      data: null,
    }),
  };
};

/** Documented for both: values are strings, and the base64 of all stays under 26 KB. */
const withMetadata = (number: string, metadata: unknown): ParsedTrigger => {
  if (metadata === undefined) return { number };
  if (typeof metadata !== 'object' || metadata === null) return wrong('metadata is not an object');
  if (Object.values(metadata).some((value) => typeof value !== 'string'))
    return wrong('metadata has other than strings');
  const base64 = Buffer.from(JSON.stringify(metadata)).toString('base64');
  return base64.length < 26_000 ? { number, metadata } : wrong('metadata is too long');
};

const isOneOf = (words: readonly string[], value: unknown): boolean =>
  typeof value === 'string' && words.includes(value);

const wrong = (what: string, httpStatus: 400 | 404 = 400): ParsedTrigger => ({ wrong: what, httpStatus });

/** The four statuses of `token` and `agents`. Their reasons are made up, except for the first, the only one that PolyAI documents. */
const shortStatus = (status: string): { readonly status: string; readonly reason: string } => {
  switch (status) {
    case 'CREATED':
    case 'queued':
      return { status: 'queued', reason: '' };
    case 'ringing':
    case 'in-progress':
      return { status: 'calling', reason: '' };
    case 'completed':
      return { status: 'success', reason: '' };
    case 'failed':
      return { status: 'failure', reason: 'call queueing: max timeout limit exceeded' };
    case 'no-answer':
      return { status: 'failure', reason: 'no answer' };
    case 'busy':
      return { status: 'failure', reason: 'Busy Here' };
    case 'cancelled':
      return { status: 'failure', reason: 'cancelled' };
    default:
      return { status, reason: '' };
  }
};

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
};
