// The rules between the settings that make up the credential and PolyAI's URL, for each generation of the API. All or none: an
// incomplete credential is an error, never a sandbox that is mistaken for the real thing.

import type { ApiAccess, ApiName, Encryption } from '../polyai/api-access.js';
import { quoted } from './mistake.js';
import type { SettingsReader } from './read-settings.js';
import type { SettingName } from './settings.js';

/** The settings of one generation. */
interface Parts {
  /** The secret, or the file that holds it. */
  readonly secret: readonly [setting: SettingName, file: SettingName];
  readonly required: readonly SettingName[];
  readonly optional: readonly SettingName[];
  /** One URL per region (PolyAI's documentation of the API). */
  readonly regions: Readonly<Partial<Record<string, string>>>;
}

const platform = {
  us: 'https://api.us-1.platform.polyai.app',
  uk: 'https://api.uk-1.platform.polyai.app',
  euw: 'https://api.euw-1.platform.polyai.app',
} as const;

const partsOf: Readonly<Record<ApiName, Parts>> = {
  connector: {
    secret: ['POLYAI_CONNECTOR_ID', 'POLYAI_CONNECTOR_ID_FILE'],
    required: ['POLYAI_ACCOUNT_ID', 'POLYAI_PROJECT_ID'],
    optional: [],
    regions: platform,
  },
  token: {
    secret: ['POLYAI_AUTH_TOKEN', 'POLYAI_AUTH_TOKEN_FILE'],
    required: [],
    optional: ['POLYAI_ENCRYPTION'],
    regions: platform,
  },
  agents: {
    secret: ['POLYAI_API_KEY', 'POLYAI_API_KEY_FILE'],
    required: ['POLYAI_AGENT_ID'],
    optional: ['POLYAI_ENVIRONMENT', 'POLYAI_VARIANT_ID', 'POLYAI_ENCRYPTION'],
    regions: {
      us: 'https://api.us.poly.ai',
      eu: 'https://api.eu.poly.ai',
      uk: 'https://api.uk.poly.ai',
      studio: 'https://api.studio.poly.ai',
    },
  },
};

const apis = Object.keys(partsOf) as readonly ApiName[];

/** The settings that only make sense with a credential: one of them without it is an incomplete credential. */
const credentialNames: readonly SettingName[] = [
  'POLYAI_REGION',
  'POLYAI_BASE_URL',
  ...apis.flatMap((api) => [...partsOf[api].secret, ...partsOf[api].required]),
];

/** True when any part of the credential is set. */
export const isCredentialSet = ({ isSet }: Pick<SettingsReader, 'isSet'>): boolean => credentialNames.some(isSet);

/** The settings of the credential in a sentence, for the generation in use. */
export const credentialInWords = ({ values }: Pick<SettingsReader, 'values'>): string => {
  const { secret, required } = partsOf[values.POLYAI_API];
  return `${['POLYAI_REGION', ...required].join(', ')} and ${secret.join(' or ')}`;
};

/** The settings to check when PolyAI refuses the credential. */
export const settingsToCheck: Readonly<Record<ApiName, string>> = {
  connector: 'POLYAI_CONNECTOR_ID, POLYAI_ACCOUNT_ID, POLYAI_PROJECT_ID',
  token: 'POLYAI_AUTH_TOKEN (and, at PolyAI, that the connector behind it is configured)',
  agents: 'POLYAI_API_KEY, POLYAI_AGENT_ID, POLYAI_ENVIRONMENT',
};

/** The setting of the secret, for the generation in use. */
export const secretName = ({ values }: Pick<SettingsReader, 'values'>): SettingName =>
  partsOf[values.POLYAI_API].secret[0];

/** Assembles the credential; every missing part is an error, and so is a part of another generation. */
export function readCredential(reader: SettingsReader): ApiAccess | undefined {
  const { values } = reader;
  const api = values.POLYAI_API;
  const { secret, required } = partsOf[api];
  refuseOthers(reader, api);
  requireOneOf(reader, 'POLYAI_REGION', 'POLYAI_BASE_URL');
  for (const name of required) if (!reader.isSet(name)) reader.missing(name, undefined, 'incomplete');
  requireOneOf(reader, ...secret);
  const baseUrl = values.POLYAI_BASE_URL ?? urlOfRegion(reader, api);
  if (baseUrl === undefined) return undefined;
  const common = { baseUrl, resendOn500: values.POLYAI_RESEND_ON_500 === 'once' };
  switch (api) {
    case 'connector': {
      const { POLYAI_ACCOUNT_ID: accountId, POLYAI_PROJECT_ID: projectId } = values;
      const connectorId = values.POLYAI_CONNECTOR_ID ?? values.POLYAI_CONNECTOR_ID_FILE;
      if (accountId === undefined || projectId === undefined || connectorId === undefined) return undefined;
      return { api, ...common, accountId, projectId, connectorId };
    }
    case 'token': {
      const authToken = values.POLYAI_AUTH_TOKEN ?? values.POLYAI_AUTH_TOKEN_FILE;
      const encryption = values.POLYAI_ENCRYPTION?.toUpperCase() as Encryption | undefined;
      if (authToken === undefined) return undefined;
      return { api, ...common, authToken, ...(encryption !== undefined && { encryption }) };
    }
    case 'agents': {
      const { POLYAI_AGENT_ID: agentId, POLYAI_ENVIRONMENT: environment, POLYAI_VARIANT_ID: variantId } = values;
      const apiKey = values.POLYAI_API_KEY ?? values.POLYAI_API_KEY_FILE;
      const isEncrypted = isEncryptedAgent(reader);
      if (agentId === undefined || apiKey === undefined) return undefined;
      return {
        api,
        ...common,
        agentId,
        apiKey,
        environment,
        ...(variantId !== undefined && { variantId }),
        ...(isEncrypted && { encryption: 'TLS/SRTP' }),
      };
    }
  }
}

/** The regions differ from generation to generation. */
function urlOfRegion({ values, note }: SettingsReader, api: ApiName): string | undefined {
  const { POLYAI_REGION: region } = values;
  if (region === undefined) return undefined;
  const { regions } = partsOf[api];
  const url = regions[region];
  if (url === undefined) {
    const near = region === 'eu' ? 'euw' : region === 'euw' ? 'eu' : undefined;
    note({
      code: 'malformed',
      variable: 'POLYAI_REGION',
      seen: `${quoted(region)}, which POLYAI_API=${api} does not have`,
      expected: `one of ${Object.keys(regions).join(', ')}`,
      didYouMean: near !== undefined && near in regions ? near : undefined,
    });
  }
  return url;
}

/** The agents generation has one kind of encryption. */
function isEncryptedAgent({ values, note }: SettingsReader): boolean {
  const { POLYAI_ENCRYPTION: encryption } = values;
  if (encryption === undefined || encryption === 'tls/srtp') return encryption !== undefined;
  note({
    code: 'not-supported',
    variable: 'POLYAI_ENCRYPTION',
    seen: `${quoted(encryption.toUpperCase())}, which POLYAI_API=agents does not have`,
    expected: 'TLS/SRTP, or nothing',
  });
  return false;
}

/** A part of another generation's credential would be ignored: the wrong API may have been chosen. */
function refuseOthers(reader: SettingsReader, api: ApiName): void {
  const namesOf = (one: ApiName): readonly SettingName[] => {
    const { secret, required, optional } = partsOf[one];
    return [...secret, ...required, ...optional];
  };
  const own = namesOf(api);
  for (const name of new Set(apis.flatMap(namesOf))) {
    if (own.includes(name) || !reader.isSet(name)) continue;
    const users = apis.filter((one) => namesOf(one).includes(name)).map((one) => `POLYAI_API=${one}`);
    reader.note({
      code: 'not-supported',
      variable: name,
      seen: `set, and POLYAI_API=${api} does not use it`,
      expected: `nothing, or ${users.join(' or ')}`,
    });
  }
}

/** Requires exactly one of two settings. */
function requireOneOf(reader: SettingsReader, first: SettingName, second: SettingName): void {
  if (reader.isSet(first) && reader.isSet(second))
    reader.note({
      code: 'malformed',
      variable: second,
      seen: `set in addition to ${first}`,
      expected: 'one of the two',
    });
  if (!reader.isSet(first) && !reader.isSet(second)) reader.missing(first, `${first} or ${second}`, 'incomplete');
}
