// What the proxy needs to reach PolyAI, for each generation of its outbound calling API. Data only: config/ fills it in, and
// the file of the generation uses it.

/** The generations, the default first. */
export const apiGenerations = ['connector', 'token', 'agents'] as const;
/** One of {@link apiGenerations}. */
export type ApiName = (typeof apiGenerations)[number];

/** Encryption of the call's signaling and media, for accounts that require a particular one. */
export const encryptions = ['TLS/SRTP', 'TLS/RTP', 'UDP/SRTP', 'UDP/RTP'] as const;
/** One of {@link encryptions}. */
export type Encryption = (typeof encryptions)[number];

/** The agent's environments, of which `agents` has one in every request. */
export const agentEnvironments = ['live', 'pre-release', 'sandbox'] as const;
/** One of {@link agentEnvironments}. */
export type AgentEnvironment = (typeof agentEnvironments)[number];

interface CommonAccess {
  /** Scheme, host and optionally a path prefix. */
  readonly baseUrl: string;
  /**
   * One more trigger after 2–6 s when PolyAI answers that it failed (`500`, or `502` in the agents generation) with its own JSON.
   * Only for operators who know that this means "not queued". Default false.
   */
  readonly resendOn500?: boolean;
}

/** Access to the `connector` generation. */
export interface ConnectorAccess extends CommonAccess {
  readonly accountId: string;
  readonly projectId: string;
  /** The credential. Anyone who has it can place paid calls. */
  readonly connectorId: string;
}

/** Access to the `token` generation. */
export interface TokenAccess extends CommonAccess {
  /** The credential. */
  readonly authToken: string;
  readonly encryption?: Encryption;
}

/** Access to the `agents` generation. */
export interface AgentsAccess extends CommonAccess {
  readonly agentId: string;
  /** The credential. */
  readonly apiKey: string;
  readonly environment: AgentEnvironment;
  readonly variantId?: string;
  /** The only one that this generation supports. */
  readonly encryption?: 'TLS/SRTP';
}

/** Access to whichever generation the account has. */
export type ApiAccess =
  | ({ readonly api: 'connector' } & ConnectorAccess)
  | ({ readonly api: 'token' } & TokenAccess)
  | ({ readonly api: 'agents' } & AgentsAccess);

/** The credential alone, which must never appear in a log or a response. */
export const secretOf = (access: ApiAccess): string => {
  switch (access.api) {
    case 'connector':
      return access.connectorId;
    case 'token':
      return access.authToken;
    case 'agents':
      return access.apiKey;
  }
};
