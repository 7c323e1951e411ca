// The text to copy for each way to add the element to a page. Only produces text; does not touch the page.

import { toPairs } from './fields.js';
import { attributesOf, cssOf, dialed } from './settings.js';

/** The ways to add the element, in the order in which they appear. */
export const ways = ['element', 'script', 'div', 'tag-manager', 'npm', 'hosted'];

/** Headings above the two parts for a CMS. In WordPress's block editor, the second becomes a Custom HTML block when pasted. */
const oncePerSite = '<!-- Once for the whole site, by an administrator: for example in the footer -->';
const onThePage = '<!-- On the page: any editor may paste this -->';

/** Class of the box that reserves the space when the script alone creates the element. */
const boxClass = 'polyai-callback-box';

/**
 * The snippet for one way, for settings whose `endpoint` is the URL of the proxy. `space`: the measured height of the form in
 * `em`, on a wide page and on a phone; without it, no space is reserved.
 */
export function snippet(way, settings, space) {
  const endpoint = settings.endpoint.replace(/\/+$/, '');
  const all = { ...settings, endpoint };
  const source = `${endpoint}/polyai-callback.js`;
  const script = `<script async src="${escaped(source)}"></script>`;
  const css = (selector) => [spaceRule(all, selector, space), cssOf(all)].filter(Boolean).join('\n');
  switch (way) {
    case 'element':
      return lines(styleTag(css('polyai-callback')), opener(all), element(all), script);
    case 'script': {
      // The script knows its own URL.
      const data = attributesOf({ ...all, endpoint: '' }).map(([name, value]) => [prefixed(name), value]);
      // A script floats by default, so `inline` must be explicit; it also makes sure that there is at least one setting.
      if (all.variant === 'inline') data.unshift(['data-variant', 'inline']);
      const written = tag('script async', [['src', source], ...data], '');
      const isBoxed = all.variant === 'inline' && space;
      return lines(
        styleTag(css(`.${boxClass}`)),
        opener(all),
        isBoxed ? `<div class="${boxClass}">\n${indented(written)}\n</div>` : written,
      );
    }
    case 'div': {
      const data = attributesOf(all).map(([name, value]) => [prefixed(name), value]);
      const placeholder = lines(opener(all), tag('div data-polyai-callback', data, fallback(all)));
      // Editors who may not use scripts paste only the second part. A style sheet there would be shown as text.
      return lines(
        oncePerSite,
        styleTag(css('[data-polyai-callback]')),
        script,
        `\n${onThePage}`,
        `<!-- wp:html -->\n${placeholder}\n<!-- /wp:html -->`,
      );
    }
    case 'tag-manager':
      return lines(
        styleTag(cssOf(all)),
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
        css('polyai-callback') && `\n/* In your style sheet */\n${css('polyai-callback')}`,
      );
    case 'hosted':
      return hosted(all, space);
    default:
      throw new RangeError(`no way "${way}"`);
  }
}

/** Name of the campaign in the examples; the operator may choose another. */
const slug = 'offer';

/** The entry for the proxy's file of campaigns, and what to paste where a page takes a link or a frame but no script. */
function hosted(settings, space = { wide: 38, narrow: 44 }) {
  const page = `${settings.endpoint}/c/${slug}`;
  const entry = {
    url: settings.endpoint,
    campaigns: {
      [slug]: {
        title: settings.texts.heading?.trim() || 'Request a call',
        settings: Object.fromEntries(toPairs(settings)),
      },
    },
  };
  return lines(
    `# Once, for whoever runs the proxy: campaigns.json, named by CAMPAIGNS_FILE\n${JSON.stringify(entry, null, 2)}`,
    `\n# The page, and its QR code to print\n${page}\n${page}/qr.svg\n${page}/qr.png`,
    `\n<!-- A link to it -->\n<a href="${escaped(page)}">${escaped(settings.texts.open?.trim() || 'Request a call')}</a>`,
    `\n<!-- Or a frame with the form; the script fits its height and is optional -->`,
    `<iframe src="${escaped(page)}/frame" title="Request a call" style="border: 0; width: 100%; height: ${String(space.narrow)}em"></iframe>`,
    `<script>
  window.addEventListener('message', function (event) {
    if (event.origin !== ${inScript(originOf(settings.endpoint))} || !event.data) return;
    if (event.data.type !== 'polyai-callback:height') return;
    var frames = document.querySelectorAll('iframe');
    for (var i = 0; i < frames.length; i++)
      if (frames[i].contentWindow === event.source) frames[i].style.height = event.data.height + 'px';
  });
</script>`,
  );
}

const originOf = (url) => (URL.canParse(url) ? new URL(url).origin : '');

/**
 * A bookmark that shows the element on the page it is pressed on. It says so when the page's policy blocks the script, or
 * the proxy does not allow the page's origin.
 */
export function bookmarklet(settings) {
  const endpoint = settings.endpoint.replace(/\/+$/, '');
  const code = `(function (page, all, css, endpoint) {
  if (css) {
    var sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    page.adoptedStyleSheets = page.adoptedStyleSheets.concat(sheet);
  }
  if (window.polyaiCallback && window.polyaiCallback.request) window.polyaiCallback.push(all);
  else {
    window.polyaiCallback = all;
    var script = page.createElement('script');
    script.src = endpoint + '/polyai-callback.js';
    script.onerror = function () {
      alert('This page could not load the form from ' + endpoint + '. Its Content Security Policy may have to allow it in script-src and connect-src.');
    };
    page.head.appendChild(script);
  }
  fetch(endpoint + '/v1/site').catch(function () {
    alert('The proxy at ' + endpoint + ' does not allow ' + location.origin + ' yet, or this page’s Content Security Policy blocks it. Ask whoever runs the proxy to add ' + location.origin + ' to ALLOWED_ORIGINS.');
  });
  var tries = 0;
  var timer = setInterval(function () {
    var element = page.querySelector('polyai-callback');
    if (element && element.open) element.open();
    if ((element && element.open) || ++tries > 50) clearInterval(timer);
  }, 100);
})(document, ${inScript(Object.fromEntries([['endpoint', endpoint], ...settingsFor({ ...settings, endpoint: '' })]))}, ${inScript(cssOf(settings))}, ${inScript(endpoint)});`;
  return `javascript:${encodeURIComponent(code)}`;
}

const lines = (...parts) => parts.filter(Boolean).join('\n');

/** Indents line by line; a pattern's `^` would also match after a line separator inside an attribute. */
const indented = (text) => text.split('\n').join('\n  ').replace(/^/, '  ');

const prefixed = (name) => (name.startsWith('data-') ? name : `data-${name}`);

/** Includes every setting, because a page with a tag manager has no other source for them. */
const settingsFor = (settings) => {
  const pairs = attributesOf(settings);
  return settings.variant === 'inline' ? [['variant', 'inline'], ...pairs] : pairs;
};

const styleTag = (css) => css && `<style>\n${indented(css)}\n</style>`;

/** Reserves the form's space, so that nothing moves when it appears. A floating form needs none. */
const spaceRule = ({ variant }, selector, space) =>
  variant === 'inline' && space
    ? `${selector} { display: block; min-block-size: ${String(space.wide)}em }\n@media (max-width: 26em) { ${selector} { min-block-size: ${String(space.narrow)}em } }`
    : '';

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

/** A value as a JavaScript literal (ES5) inside a page: nothing in it ends the script, opens a comment or breaks a line. */
const inScript = (value) =>
  JSON.stringify(value, null, 4)
    .replace(/\n}$/, '\n  }')
    .replace(/[<>&\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
