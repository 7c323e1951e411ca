// What the configurator can choose, and how a choice becomes attributes and colors. The preview and the snippets both use
// this module, so that what is shown is what is copied. fields.js checks what comes from a link or a file.

/** The element's languages. */
export const languages = 'en es fr de pt-BR it nl pl sv da nb fi cs tr ar he hi ja ko zh-Hans'.split(' ');

/** Font families that require no download. */
export const fonts = {
  rounded: "ui-rounded, 'Hiragino Maru Gothic ProN', Quicksand, sans-serif",
  sans: 'system-ui, sans-serif',
  serif: "Charter, 'Bitstream Charter', Cambria, Georgia, serif",
  mono: 'ui-monospace, Consolas, monospace',
};

/** Shadows of the card. */
export const shadows = { none: 'none', soft: '0 1px 3px #0003', deep: '0 1.5em 3em -1em #0009' };

/** The colors that can be chosen, in the element's own names. */
export const colorNames = ['accent', 'on-accent', 'surface', 'text', 'muted', 'line', 'control', 'danger', 'success'];

/** The texts that can be chosen, in the element's own keys. */
export const textKeys = ['heading', 'description', 'submit', 'consent', 'open'];

/** The defaults: the element without any settings. */
export const plain = {
  endpoint: '',
  variant: 'inline',
  placement: 'bottom-end',
  theme: 'auto',
  lang: '',
  countries: [],
  defaultCountry: '',
  agentName: '',
  callerId: '',
  phone: '',
  privacyUrl: '',
  termsUrl: '',
  name: '',
  dataLayer: '',
  attribution: '',
  openAfter: '',
  openAtScroll: '',
  openOnExit: '',
  openOnPaths: '',
  metadata: {},
  texts: {},
  styles: {},
};

/** Attributes of the element as pairs, without defaults. */
export function attributesOf(settings) {
  const { variant, placement, theme, countries, texts, metadata, callerId, phone } = settings;
  const pairs = [
    ['endpoint', settings.endpoint],
    ['variant', variant === 'inline' ? '' : variant],
    ['placement', variant === 'floating' && placement !== 'bottom-end' ? placement : ''],
    ['theme', theme === 'auto' ? '' : theme],
    ['lang', settings.lang],
    ['default-country', settings.defaultCountry],
    ['countries', countries.join(' ')],
    ['agent-name', settings.agentName],
    ['caller-id', dialed(callerId)],
    ['phone', phone],
    ['privacy-url', settings.privacyUrl],
    ['terms-url', settings.termsUrl],
    ['name', settings.name],
    ['data-layer', settings.dataLayer],
    ['attribution', settings.attribution],
    // Only a floating form can open automatically.
    ...(variant === 'floating'
      ? [
          ['open-after', settings.openAfter],
          ['open-at-scroll', settings.openAtScroll],
          ['open-on-exit', settings.openOnExit],
          ['open-on-paths', settings.openOnPaths],
        ]
      : []),
    ...Object.entries(metadata).map(([key, value]) => [`data-meta-${key}`, value]),
    ...Object.entries(texts).map(([key, text]) => [`data-text-${key}`, text]),
  ];
  return pairs.map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== '');
}

/** The CSS rule that styles the element; empty when nothing is chosen. Values that are not in the expected format are left out. */
export function cssOf({ styles }) {
  const chosen = (names, pattern, unit = '') =>
    names.filter((name) => pattern.test(styles[name] ?? '')).map((name) => [name, `${styles[name]}${unit}`]);
  const lines = [
    ...chosen(colorNames, /^#[\da-f]{6}$/i),
    ...chosen(['radius', 'offset'], /^\d{1,2}$/, 'px'),
    ...chosen(['width'], /^\d{2}$/, 'em'),
    ...chosen(['z-index'], /^\d{1,10}$/),
  ];
  if (Object.hasOwn(fonts, styles.font ?? '')) lines.push(['font', fonts[styles.font]]);
  if (Object.hasOwn(shadows, styles.shadow ?? '')) lines.push(['shadow', shadows[styles.shadow]]);
  if (lines.length === 0) return '';
  return `polyai-callback {\n${lines.map(([name, value]) => `  --polyai-callback-${name}: ${value};\n`).join('')}}`;
}

/** A number as it is dialed, without the spaces, parentheses and dots that people type. */
export const dialed = (number) => number.replace(/[^\d+]/g, '');
