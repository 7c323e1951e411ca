// What the configurator can choose, and how a choice becomes attributes and colors. The preview and the snippets both use
// this module, so that what is shown is what is copied.

/** The element's languages. */
export const languages = 'en es fr de pt-BR it nl pl sv da nb fi cs tr ar he hi ja ko zh-Hans'.split(' ');

/** Font families that require no download. */
export const fonts = {
  rounded: "ui-rounded, 'Hiragino Maru Gothic ProN', Quicksand, sans-serif",
  sans: 'system-ui, sans-serif',
  serif: "Charter, 'Bitstream Charter', Cambria, Georgia, serif",
  mono: 'ui-monospace, Consolas, monospace',
};

/** The defaults: the element as it is. */
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
  texts: {},
  styles: {},
};

/** Attributes of the element as pairs, without those at their default. */
export function attributesOf(settings) {
  const { variant, placement, theme, countries, texts, callerId, phone } = settings;
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
    ...Object.entries(texts).map(([key, text]) => [`data-text-${key}`, text]),
  ];
  return pairs.map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== '');
}

/** The CSS rule that styles the element; empty when nothing is chosen. Values that are not in the expected format are left out. */
export function cssOf({ styles }) {
  const colors = ['accent', 'on-accent', 'surface', 'text'].filter((name) => /^#[\da-f]{6}$/i.test(styles[name] ?? ''));
  const lines = colors.map((name) => [name, styles[name]]);
  if (/^\d{1,2}$/.test(styles.radius ?? '')) lines.push(['radius', `${styles.radius}px`]);
  if (Object.hasOwn(fonts, styles.font ?? '')) lines.push(['font', fonts[styles.font]]);
  if (lines.length === 0) return '';
  return `polyai-callback {\n${lines.map(([name, value]) => `  --polyai-callback-${name}: ${value};\n`).join('')}}`;
}

/** A number as it is dialed, without the spaces, parentheses and dots that people type. */
export const dialed = (number) => number.replace(/[^\d+]/g, '');
