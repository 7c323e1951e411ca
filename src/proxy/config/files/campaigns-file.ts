// Reads CAMPAIGNS_FILE: the hosted pages, one per campaign. hosted/ decides what a page looks like; a campaign's settings use the
// same names as the files that the configurator writes.

import { nearest } from '../nearest.js';
import { accept, fileText, isWebUrl, type Parse, type Parsed, type Rejection, reject } from '../parse.js';

/** One hosted page. */
export interface Campaign {
  /** Last part of its URL path: `/c/<slug>`. */
  readonly slug: string;
  readonly title: string;
  readonly description?: string;
  /** Picture for link previews, an `https:` URL. */
  readonly image?: string;
  /** The element's attributes. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The element's custom properties, without their prefix. */
  readonly styles: Readonly<Record<string, string>>;
  /** Sites besides ALLOWED_ORIGINS that may embed the form in a frame, as CSP sources. */
  readonly embedOn: readonly string[];
}

/** The contents of the file. */
export interface Campaigns {
  /** URL under which visitors reach the proxy, without a trailing slash. */
  readonly url: string;
  readonly pages: readonly Campaign[];
}

/** Most pages in the file: each one takes some kilobytes of memory. */
const maxPages = 500;
const slugPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

type Check = (text: string) => boolean;

const textUpTo =
  (max: number): Check =>
  (text) =>
    text.length <= max;
const oneOf =
  (...words: readonly string[]): Check =>
  (text) =>
    words.includes(text);
const whole =
  (min: number, max: number): Check =>
  (text) =>
    /^\d{1,3}$/.test(text) && Number(text) >= min && Number(text) <= max;
const number: Check = (text) => text.length <= 30 && /^\+\d{6,15}$/.test(text.replace(/[^\d+]/g, ''));
const pageUrl: Check = (text) => text.length <= 500 && (isWebUrl(text) || /^[#/]\S*$/.test(text));
const color: Check = (text) => /^#[\da-f]{6}$/i.test(text);

/** The element's attributes that a page can set. A hosted page is always inline, so attributes of floating forms are not among them. */
const attributeChecks: Readonly<Record<string, Check>> = {
  theme: oneOf('auto', 'light', 'dark'),
  lang: (text) => /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}$/.test(text),
  countries: (text) => /^[A-Z]{2}(?: [A-Z]{2})*$/.test(text),
  'default-country': (text) => /^[A-Z]{2}$/.test(text),
  'agent-name': textUpTo(60),
  'caller-id': number,
  phone: number,
  'privacy-url': pageUrl,
  'terms-url': pageUrl,
  attribution: oneOf('true'),
  'text-heading': textUpTo(300),
  'text-description': textUpTo(300),
  'text-submit': textUpTo(300),
  'text-consent': textUpTo(2_000),
};

/** Font families that require no download, by the names that the configurator uses. */
const fonts: Readonly<Record<string, string>> = {
  rounded: "ui-rounded, 'Hiragino Maru Gothic ProN', Quicksand, sans-serif",
  sans: 'system-ui, sans-serif',
  serif: "Charter, 'Bitstream Charter', Cambria, Georgia, serif",
  mono: 'ui-monospace, Consolas, monospace',
};
const shadows: Readonly<Record<string, string>> = {
  none: 'none',
  soft: '0 1px 3px #0003',
  deep: '0 1.5em 3em -1em #0009',
};

/** The element's custom properties that a page can set, and how a value becomes CSS. */
const styleChecks: Readonly<Record<string, { readonly check: Check; readonly css: (text: string) => string }>> = {
  ...Object.fromEntries(
    ['accent', 'on-accent', 'surface', 'text', 'muted', 'line', 'control', 'danger', 'success'].map((name) => [
      name,
      { check: color, css: (text: string) => text },
    ]),
  ),
  radius: { check: whole(0, 28), css: (text) => `${text}px` },
  width: { check: whole(18, 40), css: (text) => `${text}em` },
  font: { check: oneOf(...Object.keys(fonts)), css: (text) => fonts[text] ?? '' },
  shadow: { check: oneOf(...Object.keys(shadows)), css: (text) => shadows[text] ?? '' },
};

const metadataName = /^meta-[a-z][\w.-]{0,39}$/;
/** Settings of the configurator that have no effect on a hosted page: accepted, so that a downloaded file can be used unchanged. */
const withoutEffect = [
  'variant',
  'placement',
  'offset',
  'z-index',
  'text-open',
  'name',
  'data-layer',
  'open-after',
  'open-at-scroll',
  'open-on-exit',
  'open-on-paths',
];

/** Every setting that a campaign can have. */
export const campaignSettings: readonly string[] = [
  ...Object.keys(attributeChecks),
  ...Object.keys(styleChecks),
  ...withoutEffect,
];

/** The hosted pages that a JSON file describes. */
export const parseCampaignsFile: Parse<Campaigns> = (path, readFile) => {
  const text = fileText(path, readFile);
  return text.ok ? readCampaigns(JSON.stringify(path), text.value) : text;
};

function readCampaigns(file: string, text: string): Parsed<Campaigns> {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return reject({ seen: `${file}, which is not JSON` });
  }
  const rejections: Rejection[] = [];
  const wrong = (seen: string, didYouMean?: string): void =>
    void rejections.push({ seen: `${file}, where ${seen}`, didYouMean });
  const root = objectIn(value, 'the file', ['url', 'campaigns'], wrong);
  const url = root['url'];
  const isUrl = typeof url === 'string' && isWebUrl(url) && new URL(url).search === '' && new URL(url).hash === '';
  if (!isUrl) wrong(`"url" is ${shown(url)}, not the full URL of this proxy such as "https://calls.example.com"`);
  const campaigns = objectIn(root['campaigns'], '"campaigns"', undefined, wrong);
  const slugs = Object.keys(campaigns);
  if (slugs.length > maxPages)
    wrong(`"campaigns" has ${String(slugs.length)} entries; at most ${String(maxPages)} are possible`);
  const pages = slugs.slice(0, maxPages).map((slug) => readCampaign(slug, campaigns[slug], wrong));
  if (rejections.length > 0) return { ok: false, rejections };
  return accept({ url: String(url).replace(/\/+$/, ''), pages });
}

type Wrong = (seen: string, didYouMean?: string) => void;

function readCampaign(slug: string, value: unknown, wrong: Wrong): Campaign {
  const at = `campaign ${shown(slug)}`;
  if (!slugPattern.test(slug)) {
    const guess = slug
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
    wrong(
      `${at} has a name that is not lower-case letters, digits and hyphens`,
      slugPattern.test(guess) ? guess : undefined,
    );
  }
  const page = objectIn(value, at, ['title', 'description', 'image', 'settings', 'embed-on'], wrong);
  const text = (key: string, check: Check, expected: string): string | undefined => {
    const found = page[key];
    if (found === undefined) return undefined;
    if (typeof found === 'string' && found.trim() !== '' && check(found)) return found.trim();
    wrong(`"${key}" of ${at} is ${shown(found)}, not ${expected}`);
    return undefined;
  };
  const title = text('title', textUpTo(100), 'a text of at most 100 characters');
  if (page['title'] === undefined) wrong(`${at} has no "title"`);
  const description = text('description', textUpTo(300), 'a text of at most 300 characters');
  const image = text('image', (url) => isWebUrl(url) && url.startsWith('https:'), 'an https: URL');
  const { attributes, styles } = readSettings(page['settings'] ?? {}, at, wrong);
  return {
    slug,
    title: title ?? '',
    ...(description !== undefined && { description }),
    ...(image !== undefined && { image: new URL(image).href }),
    attributes,
    styles,
    embedOn: readEmbedOn(page['embed-on'] ?? [], at, wrong),
  };
}

function readSettings(value: unknown, at: string, wrong: Wrong): Pick<Campaign, 'attributes' | 'styles'> {
  const attributes: Record<string, string> = {};
  const styles: Record<string, string> = {};
  for (const [name, given] of Object.entries(objectIn(value, `"settings" of ${at}`, undefined, wrong))) {
    const style = Object.hasOwn(styleChecks, name) ? styleChecks[name] : undefined;
    const attribute = Object.hasOwn(attributeChecks, name) ? attributeChecks[name] : undefined;
    const check = style?.check ?? attribute ?? (metadataName.test(name) ? textUpTo(512) : undefined);
    if (withoutEffect.includes(name)) continue;
    if (check === undefined)
      wrong(`${at} has the unknown setting ${shown(name)}`, nearest(name.toLowerCase(), campaignSettings, 3));
    else if (typeof given !== 'string' || !check(given))
      wrong(`"${name}" of ${at} is ${shown(given)}, which is not valid`);
    else if (style) styles[name] = style.css(given);
    else attributes[/^(?:text|meta)-/.test(name) ? `data-${name}` : name] = given;
  }
  return { attributes, styles };
}

/** Origins, with `*.` for all their subdomains. */
function readEmbedOn(value: unknown, at: string, wrong: Wrong): readonly string[] {
  const isSource = (source: unknown): source is string =>
    typeof source === 'string' && /^https:\/\/(?:\*\.)?(?:[a-z0-9-]+\.)+[a-z0-9-]+(?::\d{1,5})?$/.test(source);
  if (Array.isArray(value) && value.every(isSource)) return value;
  wrong(`"embed-on" of ${at} is ${shown(value)}, not a list of origins such as ["https://www.notion.so"]`);
  return [];
}

/** Reads an object. If `keys` are given, any other key is a mistake. */
function objectIn(
  value: unknown,
  what: string,
  keys: readonly string[] | undefined,
  wrong: Wrong,
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    wrong(`${what} is ${value === undefined ? 'missing' : 'not an object'}`);
    return {};
  }
  for (const key of Object.keys(value))
    if (keys !== undefined && !keys.includes(key))
      wrong(`${what} has the unknown key ${shown(key)}`, nearest(key, keys, 3));
  return value as Record<string, unknown>;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
