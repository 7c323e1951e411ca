// Finds variables that were meant as settings: misspelled ones, and others with one of our prefixes. A setting that is silently
// ignored is worse than none; but the environment is shared, so variables of other programs are left alone.

import { editDistance, nearest } from './nearest.js';

/** A variable that is not a setting. */
export interface UnknownSetting {
  readonly name: string;
  /** The setting that was probably meant. */
  readonly nearest: string | undefined;
  /** True where a setting was clearly meant: the proxy does not start. Otherwise the variable is only reported. */
  readonly isMistake: boolean;
}

/** First words that other programs use too: sharing one of them is no sign of a mistake. */
const commonWords = new Set([
  'ADMIN',
  'AGENT',
  'ALLOW',
  'COUNTRY',
  'DATABASE',
  'HOME',
  'HOST',
  'LOG',
  'MINUTES',
  'OTEL',
  'PORT',
  'PRIVACY',
  'SECRET',
  'TERMS',
  'WEBHOOK',
]);

/** Variables of common programs that are one letter away from a setting: reported, but never an error. */
const ofOthers = new Set(['SECRET_KEY', 'LOGLEVEL']);

/** Variables that Kubernetes and Docker links set for a service: `SANDBOX_SERVICE_HOST`, `POLYAI_CALLBACK_PORT_8787_TCP_ADDR`. */
const serviceLink =
  /_SERVICE_(?:HOST|PORT)(?:_[A-Z0-9_]+)?$|_PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?$|_ENV_[A-Z0-9_]+$/;

/** Finds them, in the order of the environment. Ignores empty ones. `known`: the names of all settings. */
export function findUnknownSettings(
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): readonly UnknownSetting[] {
  const isKnown = new Set(known);
  const prefixes = new Set(known.flatMap((name) => (name.includes('_') ? [firstWord(name)] : [])));
  for (const word of commonWords) prefixes.delete(word);
  return Object.keys(env).flatMap((name) => {
    if (isKnown.has(name) || (env[name]?.trim() ?? '') === '') return [];
    const upper = name.toUpperCase();
    const isSet = (setting: string): boolean => (env[setting]?.trim() ?? '') !== '';
    // On Windows, names of variables are case-insensitive.
    if (isKnown.has(upper) && isSet(upper)) return [];
    const meant = settingMeant(upper, known);
    // Lower-case names belong to tools (npm_config_…, http_proxy).
    if (name !== upper && !(meant !== undefined && upper.includes('_'))) return [];
    if (serviceLink.test(upper)) return [];
    const hasPrefix = upper.includes('_') && prefixes.has(firstWord(upper));
    if (meant === undefined && !hasPrefix) return [];
    // An ignored limit is dangerous; others are certain unless the correct one is set as well.
    const isMistake =
      upper.startsWith('LIMIT_') || (meant !== undefined && !isShort(meant) && !isSet(meant) && !ofOthers.has(upper));
    return [{ name, nearest: meant ?? nearest(upper, known, Math.floor(upper.length * 0.25)), isMistake }];
  });
}

const firstWord = (name: string): string => name.slice(0, Math.max(0, name.indexOf('_')));

/** PORT, HOST: too many words are one letter away from them. */
const isShort = (name: string): boolean => name.length < 6;

/** The setting that a name is a misspelling of: a few letters, singular for plural, words reordered, a word missing, our name in front. */
function settingMeant(name: string, known: readonly string[]): string | undefined {
  const bare = name.replace(/^(?:POLYAI_)?CALLBACK_(?:PROXY_)?/, '');
  if (bare !== name && known.includes(bare)) return bare;
  const stem = stemmed(bare);
  const near = known.filter((setting) => {
    // In a name this short one typo makes another word, so only swapped neighbors count.
    if (isShort(setting)) return isSwap(bare, setting);
    const other = stemmed(setting);
    return isNear(stem, other) || isNear(bare, setting) || sorted(stem) === sorted(other);
  });
  const [best] = near.sort((a, b) => editDistance(bare, a) - editDistance(bare, b));
  if (best !== undefined) return best;
  // POLYAI_CONNECTOR: whole words of one setting are missing at its end.
  const [longer, ...others] = known.filter((setting) => bare.includes('_') && setting.startsWith(`${bare}_`));
  return longer !== undefined && others.every((other) => other.startsWith(longer)) ? longer : undefined;
}

/** At most two typos, one in a short word: DATABASE_SSL is not DATABASE_URL. An extra or missing separator is a typo. */
function isNear(name: string, setting: string): boolean {
  const distance = editDistance(name, setting);
  if (distance > (setting.length < 9 ? 1 : 2)) return false;
  const words = name.split('_');
  const others = setting.split('_');
  if (words.length !== others.length) return distance === 1;
  return others.every((word, index) => editDistance(word, words[index] ?? '') <= (word.length < 5 ? 1 : 2));
}

/** Each word in the singular. */
const stemmed = (name: string): string =>
  name
    .split('_')
    .map((word) => word.replace(/IES$/, 'Y').replace(/(?<=..[^S])S$/, ''))
    .join('_');

const sorted = (name: string): string => name.split('_').sort().join('_');

const isSwap = (a: string, b: string): boolean =>
  editDistance(a, b) === 1 && a.split('').sort().join('') === b.split('').sort().join('');
