// The text to copy for each way to add the element to a page. Only produces text; does not touch the page.

import { attributesOf, cssOf, dialed } from './settings.js';

/** The ways, in the order in which they appear. */
export const ways = ['element', 'script', 'div', 'tag-manager', 'npm'];

/** The snippet of a way, for settings whose `endpoint` is the URL of the proxy. */
export function snippet(way, settings) {
  const endpoint = settings.endpoint.replace(/\/+$/, '');
  const all = { ...settings, endpoint };
  const source = `${endpoint}/polyai-callback.js`;
  const script = `<script async src="${escaped(source)}"></script>`;
  switch (way) {
    case 'element':
      return lines(styleTag(all), opener(all), element(all), script);
    case 'script': {
      // The script knows its own URL.
      const data = attributesOf({ ...all, endpoint: '' }).map(([name, value]) => [prefixed(name), value]);
      // A script floats by default, so `inline` must be explicit; it also makes sure that there is at least one setting.
      if (all.variant === 'inline') data.unshift(['data-variant', 'inline']);
      return lines(styleTag(all), opener(all), tag('script async', [['src', source], ...data], ''));
    }
    case 'div': {
      const data = attributesOf(all).map(([name, value]) => [prefixed(name), value]);
      return lines(styleTag(all), opener(all), tag('div data-polyai-callback', data, fallback(all)), script);
    }
    case 'tag-manager':
      return lines(
        styleTag(all),
        `<script>\n  window.polyaiCallback = ${inScript(Object.fromEntries(settingsFor(all)))};\n  (function (page) {`,
        `    var script = page.createElement('script');\n    script.async = true;`,
        `    script.src = ${inScript(source)};\n    page.head.appendChild(script);\n  })(document);\n</script>`,
      );
    case 'npm':
      return lines(
        `# Once, in your project\nnpm install polyai-callback\n`,
        `// In your script\nimport 'polyai-callback/define';\n`,
        `<!-- In your page -->`,
        opener(all),
        element(all),
        cssOf(all) && `\n/* In your style sheet */\n${cssOf(all)}`,
      );
    default:
      throw new RangeError(`no way "${way}"`);
  }
}

const lines = (...parts) => parts.filter(Boolean).join('\n');

const prefixed = (name) => (name.startsWith('data-') ? name : `data-${name}`);

/** Every setting is included, because a tag manager's page has no other source. */
const settingsFor = (settings) => {
  const pairs = attributesOf(settings);
  return settings.variant === 'inline' ? [['variant', 'inline'], ...pairs] : pairs;
};

const styleTag = (settings) => {
  const css = cssOf(settings);
  return css && `<style>\n${css.replace(/^/gm, '  ')}\n</style>`;
};

const opener = ({ variant, texts }) =>
  variant === 'modal' &&
  `<button type="button" data-polyai-callback-open>${escaped(texts.open?.trim() || 'Get a call')}</button>`;

const element = (settings) => tag('polyai-callback', attributesOf(settings), fallback(settings));

const fallback = ({ phone }) => phone.trim() && `<a href="tel:${escaped(dialed(phone))}">${escaped(phone.trim())}</a>`;

function tag(start, pairs, content) {
  const attributes = pairs.map(([name, value]) => `${name}="${escaped(value)}"`);
  const isLong = start.length + attributes.join(' ').length > 70;
  const written = attributes.map((attribute) => (isLong ? `\n  ${attribute}` : ` ${attribute}`)).join('');
  const inside = content ? `\n  ${content}\n` : '';
  return `<${start}${written}${isLong && written ? '\n' : ''}>${inside}</${start.split(' ')[0]}>`;
}

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' };

/** Text as an attribute's value between double quotes, or between tags. */
const escaped = (text) => text.replace(/[&<>"\n]/g, (letter) => entities[letter]);

/** A value as old JavaScript inside a page: nothing in it ends the script, opens a comment or breaks a line. */
const inScript = (value) =>
  JSON.stringify(value, null, 4)
    .replace(/\n}$/, '\n  }')
    .replace(/[<>&\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
