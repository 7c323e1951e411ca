// The settings that say which PolyAI is called and with what credential. All or none: half a credential is a mistake, never
// a sandbox that somebody takes for the real thing.

import { masked, matching, oneOf, type Reader } from './env-reader.js';

/** The `connector` generation's credential and address. The connector id is a secret. */
export interface Credential {
  /** No trailing slash. */
  readonly baseUrl: string;
  readonly accountId: string;
  readonly projectId: string;
  readonly connectorId: string;
  /** One more trigger after a 500: only for operators who know that their 500 means "not queued". */
  readonly resendOn500: boolean;
}

const names = [
  'POLYAI_REGION',
  'POLYAI_BASE_URL',
  'POLYAI_ACCOUNT_ID',
  'POLYAI_PROJECT_ID',
  'POLYAI_CONNECTOR_ID',
  'POLYAI_CONNECTOR_ID_FILE',
] as const;

/** PolyAI's documentation, "Outbound calling": one address a region. */
const regions = {
  us: 'https://api.us-1.platform.polyai.app',
  uk: 'https://api.uk-1.platform.polyai.app',
  euw: 'https://api.euw-1.platform.polyai.app',
} as const;

/** True as soon as one of the settings is there. */
export const isCredentialSet = (reader: Reader): boolean => names.some((name) => reader.text(name) !== undefined);

/** Reads the credential; every part that is missing is a mistake. */
export function readCredential(reader: Reader, readFile: (path: string) => string): Credential | undefined {
  const baseUrl = readBaseUrl(reader);
  const part = (name: string): string | undefined => {
    const expected = 'letters, digits, hyphens and underscores, as PolyAI shows it';
    if (reader.text(name) === undefined) reader.missing(name, expected, 'half-set');
    return reader.optional(name, expected, matching(/^[\w-]{1,128}$/));
  };
  const accountId = part('POLYAI_ACCOUNT_ID');
  const projectId = part('POLYAI_PROJECT_ID');
  const connectorId = readConnectorId(reader, readFile);
  const resend = reader.optional('POLYAI_RESEND_ON_500', 'never or once', oneOf(['never', 'once']));
  if (baseUrl === undefined || accountId === undefined || projectId === undefined || connectorId === undefined)
    return undefined;
  return { baseUrl, accountId, projectId, connectorId, resendOn500: resend === 'once' };
}

function readBaseUrl(reader: Reader): string | undefined {
  const region = reader.optional('POLYAI_REGION', 'us, uk or euw', oneOf(['us', 'uk', 'euw']));
  const baseUrl = reader.optional('POLYAI_BASE_URL', 'https:// and a host (http:// only on this machine)', baseAddress);
  const isRegionSet = reader.text('POLYAI_REGION') !== undefined;
  const isUrlSet = reader.text('POLYAI_BASE_URL') !== undefined;
  if (isRegionSet && isUrlSet)
    reader.note({
      code: 'malformed',
      variable: 'POLYAI_BASE_URL',
      seen: 'set beside POLYAI_REGION',
      expected: 'one of the two',
    });
  if (!isRegionSet && !isUrlSet) reader.missing('POLYAI_REGION', 'us, uk or euw (or POLYAI_BASE_URL)', 'half-set');
  return baseUrl ?? (region === undefined ? undefined : regions[region]);
}

function baseAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, origin, pathname, search, hash, username } = new URL(text);
  const isHere = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  if (protocol !== 'https:' && !(protocol === 'http:' && isHere)) return undefined;
  return pathname === '/' && search === '' && hash === '' && username === '' ? origin : undefined;
}

function readConnectorId(reader: Reader, readFile: (path: string) => string): string | undefined {
  const direct = reader.text('POLYAI_CONNECTOR_ID');
  const path = reader.text('POLYAI_CONNECTOR_ID_FILE');
  const expected = 'the connector id, 8 to 256 characters without spaces';
  if (direct !== undefined && path !== undefined)
    reader.note({
      code: 'malformed',
      variable: 'POLYAI_CONNECTOR_ID_FILE',
      seen: 'set beside POLYAI_CONNECTOR_ID',
      expected: 'one of the two',
    });
  if (direct === undefined && path === undefined) {
    reader.missing('POLYAI_CONNECTOR_ID', `${expected} (or POLYAI_CONNECTOR_ID_FILE)`, 'half-set');
    return undefined;
  }
  const variable = direct === undefined ? 'POLYAI_CONNECTOR_ID_FILE' : 'POLYAI_CONNECTOR_ID';
  const id = direct ?? fileText(path ?? '', readFile);
  if (id === undefined) {
    reader.note({
      code: 'malformed',
      variable,
      seen: 'a file that cannot be read',
      expected: `a file that holds ${expected}`,
    });
    return undefined;
  }
  if (/^[\x21-\x7e]{8,256}$/.test(id)) return id;
  reader.note({ code: 'malformed', variable, seen: masked(id), expected });
  return undefined;
}

function fileText(path: string, readFile: (path: string) => string): string | undefined {
  try {
    return readFile(path).trim();
  } catch {
    return undefined;
  }
}
