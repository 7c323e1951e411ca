// The rules between the settings that make up the credential and PolyAI's URL. All or none: an incomplete credential is an
// error, never a sandbox that is mistaken for the real thing.

import type { SettingsReader } from './read-settings.js';
import type { SettingName } from './settings.js';

/** The `connector` generation's credential and address. The connector ID is a secret. */
export interface Credential {
  /** No trailing slash. */
  readonly baseUrl: string;
  readonly accountId: string;
  readonly projectId: string;
  readonly connectorId: string;
  /** Sends one more trigger after a 500: only for operators who know that their 500 means "not queued". */
  readonly resendOn500: boolean;
}

/** The settings that make a credential. */
export const credentialNames: readonly SettingName[] = [
  'POLYAI_REGION',
  'POLYAI_BASE_URL',
  'POLYAI_ACCOUNT_ID',
  'POLYAI_PROJECT_ID',
  'POLYAI_CONNECTOR_ID',
  'POLYAI_CONNECTOR_ID_FILE',
];

/** One URL per region (PolyAI's documentation, "Outbound calling"). */
const regions = {
  us: 'https://api.us-1.platform.polyai.app',
  uk: 'https://api.uk-1.platform.polyai.app',
  euw: 'https://api.euw-1.platform.polyai.app',
} as const;

/** True when any part of the credential is set. */
export const isCredentialSet = ({ isSet }: Pick<SettingsReader, 'isSet'>): boolean => credentialNames.some(isSet);

/** Assembles the credential; every missing part is an error. */
export function readCredential(reader: SettingsReader): Credential | undefined {
  const { values } = reader;
  requireOneOf(reader, 'POLYAI_REGION', 'POLYAI_BASE_URL');
  for (const name of ['POLYAI_ACCOUNT_ID', 'POLYAI_PROJECT_ID'] as const)
    if (!reader.isSet(name)) reader.missing(name, undefined, 'incomplete');
  requireOneOf(reader, 'POLYAI_CONNECTOR_ID', 'POLYAI_CONNECTOR_ID_FILE');
  const region = values.POLYAI_REGION;
  const baseUrl = values.POLYAI_BASE_URL ?? (region === undefined ? undefined : regions[region]);
  const connectorId = values.POLYAI_CONNECTOR_ID ?? values.POLYAI_CONNECTOR_ID_FILE;
  const { POLYAI_ACCOUNT_ID: accountId, POLYAI_PROJECT_ID: projectId } = values;
  if (baseUrl === undefined || accountId === undefined || projectId === undefined || connectorId === undefined)
    return undefined;
  return { baseUrl, accountId, projectId, connectorId, resendOn500: values.POLYAI_RESEND_ON_500 === 'once' };
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
