// The configurator: reads the choices, updates the preview, writes the snippet. configurator/settings.js defines what a choice means.

import { contrastWarnings } from './configurator/contrast.js';
import { phaseGroups } from './configurator/phases.js';
import { languages, plain } from './configurator/settings.js';
import { snippet } from './configurator/snippets.js';

const byId = (id) => document.querySelector(`#${id}`);
const form = byId('choices');
const frame = byId('frame');
const phase = byId('phase');
const width = byId('width');
const endpoint = byId('endpoint');
const initialRadius = '12';

const colors = [
  ['accent', 'Main color', '#4f46e5'],
  ['on-accent', 'Button text', '#ffffff'],
  ['surface', 'Card', '#ffffff'],
  ['text', 'Text', '#191b22'],
];

const wayHints = {
  element: 'Paste it where the form should appear.',
  script: 'Paste it into your page builder’s custom code field.',
  div: 'For editors that strip unknown tags. Paste it into an HTML block.',
  'tag-manager': 'Create a Custom HTML tag, paste the code, and choose the pages that trigger it.',
  npm: 'For your developers.',
};

const site = await fetch('v1/site').then(
  (answer) => (answer.ok ? answer.json() : {}),
  () => ({}),
);

/** The element that had focus when the preview started to change. */
let focused;
fillLists();
/** The chosen colors; all others stay the element's defaults. */
const chosen = new Map();
fillColors();

form.addEventListener('input', ({ target }) => {
  if (target.type === 'color') chosen.set(target.name, target.value);
  refresh();
});
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () => {
  chosen.clear();
  // The fields are cleared after this event.
  setTimeout(refresh);
});
phase.addEventListener('change', updatePreview);
for (const [id, step] of [
  ['earlier', -1],
  ['later', 1],
])
  byId(id).addEventListener('click', () => {
    phase.selectedIndex = (phase.selectedIndex + step + phase.length) % phase.length;
    updatePreview();
  });
for (const id of ['dark', 'rtl']) byId(id).addEventListener('change', updatePreview);
width.addEventListener('input', showWidth);
byId('narrow').addEventListener('click', () => {
  width.value = '320';
  showWidth();
});
new ResizeObserver(showWidth).observe(byId('stage'));
for (const way of document.querySelectorAll('[name=way]')) way.addEventListener('change', writeSnippet);
endpoint.addEventListener('input', writeSnippet);
byId('copy').addEventListener('click', copy);
globalThis.addEventListener('message', onMessage);

// The language determines the page's direction until a direction is chosen.
form.elements.namedItem('lang').addEventListener('change', ({ target }) => {
  byId('rtl').checked = /^(?:ar|he)\b/.test(target.value);
});

byId('dark').checked = matchMedia('(prefers-color-scheme: dark)').matches;
endpoint.value = new URL('.', location.href).href.replace(/\/$/, '');
// On a phone, the preview comes after all the choices, so only the first group is expanded.
if (matchMedia('(max-width: 68rem)').matches) for (const group of form.querySelectorAll('details')) group.open = false;
frame.src = 'configurator/preview.html';
refresh();

/** The current choices. */
function settings() {
  const data = new FormData(form);
  // None of the fields is a file.
  const value = (name) => /** @type {string | null} */ (data.get(name)) ?? '';
  const texts = ['heading', 'description', 'submit', 'consent', 'open'];
  const boxes = [...document.querySelectorAll('[name=country]')];
  const ticked = boxes.filter(({ checked }) => checked).map((box) => box.value);
  const radius = value('radius');
  return {
    ...plain,
    ...Object.fromEntries(
      [
        'variant',
        'placement',
        'theme',
        'lang',
        'defaultCountry',
        'agentName',
        'callerId',
        'phone',
        'privacyUrl',
        'termsUrl',
      ].map((name) => [name, value(name)]),
    ),
    // All and none mean the same: no country is excluded.
    countries: ticked.length === boxes.length ? [] : ticked,
    texts: Object.fromEntries(
      texts.filter((key) => key !== 'open' || value('variant') !== 'inline').map((key) => [key, value(`text-${key}`)]),
    ),
    styles: { ...Object.fromEntries(chosen), radius: radius === initialRadius ? '' : radius, font: value('font') },
  };
}

function refresh() {
  const now = settings();
  byId('placement-field').hidden = now.variant !== 'floating';
  byId('open-field').hidden = now.variant === 'inline';
  byId('radius-shown').textContent = `${form.elements.namedItem('radius').value} px`;
  for (const [name, , initial] of colors) {
    const input = form.elements.namedItem(name);
    input.value = chosen.get(name) ?? initial;
    byId(`own-${name}`).hidden = !chosen.has(name);
  }
  showWarnings(now);
  updatePreview();
  writeSnippet();
}

function updatePreview() {
  const isReal = phase.value === 'real';
  const hint = byId('preview-hint');
  hint.textContent = isReal
    ? 'Try it in the sandbox: no real phone will ring. Enter +1 415 555 0100 for an answered call or +1 415 555 0101 for a missed one.'
    : '';
  if (document.activeElement !== frame) focused = document.activeElement;
  const message = { settings: settings(), phase: phase.value, dark: byId('dark').checked, rtl: byId('rtl').checked };
  delete frame.dataset.shown;
  frame.contentWindow?.postMessage(message, location.origin);
}

function onMessage({ data, source, origin }) {
  if (source !== frame.contentWindow || origin !== location.origin) return;
  if (data.type === 'ready') updatePreview();
  else if (data.phase === phase.value) {
    frame.dataset.shown = data.phase;
    // A dialog takes focus when it opens; keep it on the control that was used.
    if (document.activeElement === frame && focused) {
      frame.blur();
      focused.focus({ preventScroll: true });
    }
    focused = undefined;
  }
}

function showWidth() {
  const room = byId('stage').clientWidth;
  const isNarrow = room <= 340;
  const isFull = width.value === width.max;
  width.max = String(Math.max(321, room));
  if (isFull) width.value = width.max;
  const wanted = isNarrow ? room : Number(width.value);
  frame.style.inlineSize = `${String(wanted)}px`;
  byId('width-shown').textContent = `${String(wanted)} px`;
  width.closest('label').hidden = isNarrow;
  byId('narrow').hidden = isNarrow;
}

function showWarnings(now) {
  const box = byId('warnings');
  const warnings = contrastWarnings(now);
  const texts = warnings.map(({ text }) => text).join();
  if (box.dataset.texts === texts) return;
  box.dataset.texts = texts;
  box.replaceChildren(
    ...warnings.map(({ text, instead }) => {
      const line = document.createElement('p');
      line.className = 'warning';
      line.append(text);
      const [name, color] = Object.entries(instead ?? {})[0] ?? [];
      if (name) {
        const fix = document.createElement('button');
        fix.type = 'button';
        fix.textContent = `Use ${color} instead`;
        fix.addEventListener('click', () => {
          chosen.set(name, color);
          refresh();
          form.elements.namedItem(name).focus();
        });
        line.append(' ', fix);
      }
      return line;
    }),
  );
}

function writeSnippet() {
  const way = document.querySelector('[name=way]:checked').value;
  const now = settings();
  const isPlaced = way === 'tag-manager' && now.variant === 'inline';
  const isLinked = ['script', 'tag-manager'].includes(way) && now.variant === 'modal';
  byId('way-hint').textContent = [
    wayHints[way],
    isPlaced && 'It appears at the end of the page. “In a corner” works better with Google Tag Manager.',
    isLinked && way === 'tag-manager' && 'Any link to #polyai-callback on your page opens it.',
  ]
    .filter(Boolean)
    .join(' ');
  byId('snippet').firstElementChild.textContent = snippet(way, { ...now, endpoint: endpoint.value.trim() });
  byId('copied').textContent = '';
}

async function copy() {
  const text = byId('snippet').textContent;
  const button = byId('copy');
  let isCopied = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No permission, or a page without TLS: the text is selected, and the user can copy it.
    isCopied = false;
    getSelection().selectAllChildren(byId('snippet'));
  }
  byId('copied').textContent = isCopied
    ? 'Copied. Paste it into your site.'
    : 'The code is selected. Press Ctrl+C or ⌘C to copy it.';
  button.textContent = isCopied ? 'Copied ✓' : 'Copy';
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 2_000);
}

function fillLists() {
  for (const code of languages) {
    const own = new Intl.DisplayNames([code], { type: 'language' }).of(code);
    byId('languages').append(option(code, own.charAt(0).toLocaleUpperCase(code) + own.slice(1), code));
  }
  const names = new Intl.DisplayNames(['en'], { type: 'region' });
  const countries = [...(site.countries ?? [])].sort((a, b) => names.of(a).localeCompare(names.of(b)));
  for (const code of countries) {
    const label = document.createElement('label');
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.name = 'country';
    box.value = code;
    box.defaultChecked = true;
    label.className = 'check';
    label.append(box, ` ${names.of(code)}`);
    byId('countries').append(label);
    byId('default-country').append(option(code, names.of(code)));
  }
  for (const [group, phases] of phaseGroups) {
    const options = document.createElement('optgroup');
    options.label = group;
    for (const [key, [name]] of Object.entries(phases)) options.append(option(key, name));
    phase.append(options);
  }
  // Never when a real phone would ring.
  if (site.sandbox) {
    const options = document.createElement('optgroup');
    options.label = 'Try it';
    options.append(option('real', 'In the sandbox'));
    phase.append(options);
  }
}

function fillColors() {
  for (const [name, title, initial] of colors) {
    const row = document.createElement('div');
    const label = document.createElement('label');
    const input = document.createElement('input');
    const back = document.createElement('button');
    input.type = 'color';
    input.name = name;
    input.defaultValue = initial;
    label.append(input, ` ${title}`);
    back.type = 'button';
    back.id = `own-${name}`;
    back.className = 'back';
    back.textContent = 'Reset';
    back.setAttribute('aria-label', `Reset: ${title}`);
    back.addEventListener('click', () => {
      chosen.delete(name);
      refresh();
      input.focus();
    });
    row.append(label, back);
    byId('colors').append(row);
  }
}

function option(value, text, lang) {
  const made = document.createElement('option');
  made.value = value;
  made.textContent = text;
  if (lang) made.lang = lang;
  return made;
}
