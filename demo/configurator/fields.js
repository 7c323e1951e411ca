// The settings as stored in a link or a file: flat, under the element's own names. Everything that is read is checked here; each
// mistake becomes a sentence that names the setting and the closest valid one.

import { colorNames, dialed, fonts, languages, plain, shadows, textKeys } from './settings.js';

/** Longest link, characters: mail programs and chat apps break longer ones. */
export const maxLinkLength = 4_000;
/** Largest file that is read, bytes. */
export const maxFileSize = 100_000;

const text = (max) => ({ expected: `at most ${String(max)} characters`, check: (value) => value.length <= max });
const oneOf = (...words) => ({ expected: `one of: ${words.join(', ')}`, check: (value) => words.includes(value) });
const matching = (pattern, expected) => ({ expected, check: (value) => pattern.test(value) });
const whole = (min, max) => ({
  expected: `a whole number from ${String(min)} to ${String(max)}`,
  check: (value) => /^\d{1,10}$/.test(value) && Number(value) >= min && Number(value) <= max,
});
const country = '[A-Z]{2}';
const color = matching(/^#[\da-f]{6}$/i, 'a color such as #0d6b4f');
const number = {
  expected: 'a phone number such as +1 415 555 0198',
  check: (value) => value.length <= 30 && /^\+\d{6,15}$/.test(dialed(value)),
};
const webAddress = {
  expected: 'a full URL such as https://www.example.com/privacy',
  check: (value) =>
    value.length <= 500 && (/^[#/][^\s]*$/.test(value) || /^https?:$/.test(urlOf(value)?.protocol ?? '')),
};

/** A setting's place in the settings object, and what its value must be. */
const field = (path, rule) => ({ path, ...rule });

/**
 * Every setting by its name in a link or a file. The URL of the proxy is not one of them: a link from a stranger must not put
 * another server's script into somebody's page.
 */
export const fields = {
  variant: field(['variant'], oneOf('inline', 'floating', 'modal')),
  placement: field(['placement'], oneOf('bottom-end', 'bottom-start', 'top-end', 'top-start')),
  theme: field(['theme'], oneOf('auto', 'light', 'dark')),
  lang: field(['lang'], oneOf(...languages)),
  countries: field(
    ['countries'],
    matching(new RegExp(`^${country}(?: ${country}){0,249}$`), 'country codes such as US CA'),
  ),
  'default-country': field(['defaultCountry'], matching(new RegExp(`^${country}$`), 'a country code such as US')),
  'agent-name': field(['agentName'], text(60)),
  'caller-id': field(['callerId'], number),
  phone: field(['phone'], number),
  'privacy-url': field(['privacyUrl'], webAddress),
  'terms-url': field(['termsUrl'], webAddress),
  name: field(['name'], matching(/^[\w.[\]-]{1,60}$/, 'a name of letters, digits, dots, hyphens and underscores')),
  'data-layer': field(['dataLayer'], matching(/^[A-Za-z_$][\w$]{0,39}$/, 'the name of a variable, such as dataLayer')),
  attribution: field(['attribution'], oneOf('true')),
  'open-after': field(['openAfter'], whole(0, 3_600)),
  'open-at-scroll': field(['openAtScroll'], whole(0, 100)),
  'open-on-exit': field(['openOnExit'], oneOf('true')),
  'open-on-paths': field(['openOnPaths'], matching(/^\/\S*(?: \/\S*)*$/, 'paths such as /pricing /plans/*')),
  ...Object.fromEntries(
    textKeys.map((key) => [`text-${key}`, field(['texts', key], text(key === 'consent' ? 2_000 : 300))]),
  ),
  ...Object.fromEntries(colorNames.map((name) => [name, field(['styles', name], color)])),
  radius: field(['styles', 'radius'], whole(0, 28)),
  offset: field(['styles', 'offset'], whole(0, 99)),
  width: field(['styles', 'width'], whole(18, 40)),
  'z-index': field(['styles', 'z-index'], whole(0, 2_147_483_647)),
  font: field(['styles', 'font'], oneOf(...Object.keys(fonts))),
  shadow: field(['styles', 'shadow'], oneOf(...Object.keys(shadows))),
};

/** Values for the agent: `meta-plan`. */
const metadataKey = /^meta-[a-z][\w.-]{0,39}$/;
const metadata = text(512);
const maxMetadata = 20;

/** The settings as pairs of name and value, without defaults. */
export function toPairs(settings) {
  const pairs = Object.entries(fields).map(([name, { path }]) => [name, valueAt(settings, path)]);
  for (const [key, value] of Object.entries(settings.metadata)) pairs.push([`meta-${key}`, value]);
  return pairs
    .map(([name, value]) => [name, (Array.isArray(value) ? value.join(' ') : (value ?? '')).trim()])
    .filter(([name, value]) => value !== '' && value !== (valueAt(plain, fields[name]?.path ?? []) ?? ''));
}

/** Reads pairs of name and value: the valid settings, and a sentence for each invalid one. */
export function fromPairs(pairs) {
  const settings = { ...plain, countries: [], texts: {}, styles: {}, metadata: {} };
  const problems = [];
  for (const [name, given] of pairs) {
    const known = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const isMetadata = !known && metadataKey.test(name);
    if (!known && !isMetadata) {
      const near = nearest(name);
      problems.push(`There is no setting “${short(name)}”.${near ? ` Did you mean “${near}”?` : ''}`);
      continue;
    }
    const value = typeof given === 'string' ? given.trim() : given;
    const rule = known ?? metadata;
    if (typeof value !== 'string' || !rule.check(value)) {
      problems.push(`“${name}” should be ${rule.expected}, but is ${short(JSON.stringify(given) ?? 'missing')}.`);
      continue;
    }
    if (isMetadata) {
      if (Object.keys(settings.metadata).length < maxMetadata) settings.metadata[name.slice(5)] = value;
      else problems.push(`There can be at most ${String(maxMetadata)} values for the agent.`);
      continue;
    }
    const [first, second] = known.path;
    if (second) settings[first][second] = value;
    else settings[first] = first === 'countries' ? value.split(' ') : value;
  }
  return { settings, problems };
}

/** The fragment of a link to these settings, which no server receives; undefined when the link would be too long. */
export function toLink(settings, page) {
  const link = new URL(page);
  link.hash = new URLSearchParams(toPairs(settings)).toString();
  return link.href.length > maxLinkLength ? undefined : link.href;
}

/** Reads a link's fragment. */
export function fromFragment(hash) {
  if (hash.length > maxLinkLength)
    return { settings: plain, problems: ['This link is too long. Copy it again from the configurator.'] };
  return fromPairs(new URLSearchParams(hash.replace(/^#/, '')));
}

/** The content of a file with these settings. */
export const toFile = (settings) => `${JSON.stringify(Object.fromEntries(toPairs(settings)), null, 2)}\n`;

/** Reads the content of such a file. */
export function fromFile(content) {
  if (content.length > maxFileSize) return { settings: plain, problems: ['This file is too large.'] };
  let value;
  try {
    value = JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch {
    return { settings: plain, problems: ['This file is not JSON. Choose a file that was downloaded here.'] };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return {
      settings: plain,
      problems: ['This file does not contain settings. Choose a file that was downloaded here.'],
    };
  return fromPairs(Object.entries(value));
}

/** A color as people write it (`0D6B4F`, `#abc`), as `#rrggbb`; undefined when it is not one. */
export function hexColor(written) {
  const [, digits] = /^#?([\da-f]{3}|[\da-f]{6})$/i.exec(written.trim()) ?? [];
  if (!digits) return undefined;
  const six = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  return `#${six.toLowerCase()}`;
}

const valueAt = (settings, [first, second]) => (second ? settings[first][second] : settings[first]);

const short = (value) => (value.length > 60 ? `${value.slice(0, 60)}…` : value);

function urlOf(value) {
  return URL.canParse(value) ? new URL(value) : undefined;
}

/** The setting with the closest name, if it is close enough. */
function nearest(name) {
  if (name.length > 40) return undefined;
  const [best] = Object.keys(fields)
    .map((known) => [known, distance(name.toLowerCase(), known)])
    .filter(([known, edits]) => edits <= Math.max(1, Math.floor(known.length / 3)))
    .sort(([, a], [, b]) => a - b);
  return best?.[0];
}

/** Levenshtein distance. */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries())
      next.push(Math.min(next[j] + 1, row[j + 1] + 1, row[j] + (letter === other ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
