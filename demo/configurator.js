// The configurator: passes the choices on to the preview, the code to copy, the link, the file and the checks. What a choice
// means is in configurator/settings.js, the form itself in configurator/form.js.

import { checkPage, originOf } from './configurator/check-page.js';
import { contrastWarnings } from './configurator/contrast.js';
import { fromFile, fromFragment, maxFileSize, toFile, toLink } from './configurator/fields.js';
import { buildForm, fillForm, readForm, updateForm } from './configurator/form.js';
import { recipes } from './configurator/recipes.js';
import { bookmarklet, snippet } from './configurator/snippets.js';
import { createRuler } from './configurator/ruler.js';

const byId = (id) => document.querySelector(`#${id}`);
const form = byId('choices');
const frame = byId('frame');
const phase = byId('phase');
const width = byId('width');
const endpoint = byId('endpoint');

const wayHints = {
  element: 'Paste it where the form should appear.',
  script: 'Paste it into your page builder’s custom code field.',
  div: 'For editors that strip unknown tags, such as WordPress without permission for scripts.',
  'tag-manager': 'Create a Custom HTML tag, paste the code, and choose the pages that trigger it.',
  npm: 'For your developers.',
  hosted: 'For places that take no script: Wix, Notion, social media, print. Whoever runs the proxy sets it up once.',
};

const site = await fetch('v1/site').then(
  (answer) => (answer.ok ? answer.json() : {}),
  () => ({}),
);

/** The element that had focus when the preview started to change. */
let focused;
/** Height of the form in `em`, `{wide, narrow}`, once measured. */
let space;
const ruler = createRuler(byId('ruler'), (measured) => {
  space = measured;
  writeSnippet();
});

buildForm(site, refresh);
// With a credential, the example page is not served.
byId('example').hidden = !site.sandbox;
for (const { id, name } of recipes) byId('recipe').append(new Option(name, id));
form.addEventListener('input', refresh);
form.addEventListener('submit', (event) => event.preventDefault());
// The browser resets the fields after this event.
form.addEventListener('reset', () => setTimeout(refresh));
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
byId('copy').addEventListener('click', () => copy('snippet', 'copy', 'copied'));
byId('copy-recipe').addEventListener('click', () => copy('recipe-code', 'copy-recipe', 'copied-recipe'));
byId('recipe').addEventListener('change', showRecipe);
byId('share').addEventListener('click', share);
byId('download').addEventListener('click', download);
byId('open-file').addEventListener('change', openFile);
byId('check').addEventListener('click', check);
byId('bookmarklet').addEventListener('click', (event) => {
  event.preventDefault();
  byId('checked').textContent = 'Drag the link to your bookmarks bar. It works on your page, not on this one.';
});
globalThis.addEventListener('message', onMessage);
globalThis.addEventListener('hashchange', readLink);

// The language determines the page's direction until a direction is chosen.
form.elements.namedItem('lang').addEventListener('change', ({ target }) => {
  byId('rtl').checked = /^(?:ar|he)\b/.test(target.value);
});

byId('dark').checked = matchMedia('(prefers-color-scheme: dark)').matches;
endpoint.value = new URL('.', location.href).href.replace(/\/$/, '');
// On a phone, the preview comes after all the choices, so only the first group is expanded.
if (matchMedia('(max-width: 68rem)').matches) for (const group of form.querySelectorAll('details')) group.open = false;
frame.src = 'configurator/preview.html';
showRecipe();
readLink();

/** The current choices, with the proxy's URL. */
function current() {
  return { ...readForm(), endpoint: endpoint.value.trim() };
}

function refresh() {
  const now = readForm();
  updateForm(now);
  showWarnings(now);
  updatePreview();
  writeSnippet();
  ruler.measure(now);
  // A reload keeps the choices; the fragment never reaches a server.
  const link = toLink(now, location.href);
  if (link && link !== location.href) history.replaceState(null, '', link);
}

function updatePreview() {
  const isReal = phase.value === 'real';
  const hint = byId('preview-hint');
  hint.textContent = isReal
    ? 'Try it in the sandbox: no real phone will ring. Enter +1 415 555 0100 for an answered call or +1 415 555 0101 for a missed one.'
    : '';
  if (document.activeElement !== frame) focused = document.activeElement;
  const message = { settings: readForm(), phase: phase.value, dark: byId('dark').checked, rtl: byId('rtl').checked };
  delete frame.dataset.shown;
  frame.contentWindow?.postMessage(message, location.origin);
}

function onMessage({ data, source, origin }) {
  if (origin !== location.origin) return;
  if (ruler.receives(source, data)) return;
  if (source !== frame.contentWindow) return;
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
          const field = form.elements.namedItem(name);
          field.value = color;
          refresh();
          field.closest('details').open = true;
          field.focus();
        });
        line.append(' ', fix);
      }
      return line;
    }),
  );
}

function writeSnippet() {
  const way = document.querySelector('[name=way]:checked').value;
  const now = current();
  const isPlaced = way === 'tag-manager' && now.variant === 'inline';
  const isLinked = ['script', 'tag-manager'].includes(way) && now.variant === 'modal';
  byId('way-hint').textContent = [
    wayHints[way],
    isPlaced && 'It appears at the end of the page. “In a corner” works better with Google Tag Manager.',
    isLinked && way === 'tag-manager' && 'Any link to #polyai-callback on your page opens it.',
  ]
    .filter(Boolean)
    .join(' ');
  const code = snippet(way, now, space);
  if (code !== byId('snippet').firstElementChild.textContent) {
    byId('snippet').firstElementChild.textContent = code;
    // What was copied is no longer what is shown.
    byId('copied').textContent = '';
  }
  byId('bookmarklet').href = bookmarklet(now);
}

/** Copies the text of one element; a button and a line below it report that. */
async function copy(source, buttonId, reportId) {
  const button = byId(buttonId);
  const isCopied = await copyText(byId(source).textContent);
  // The text is selected, and the user can copy it.
  if (!isCopied) getSelection().selectAllChildren(byId(source));
  byId(reportId).textContent = isCopied
    ? 'Copied. Paste it into your site.'
    : 'The code is selected. Press Ctrl+C or ⌘C to copy it.';
  button.textContent = isCopied ? 'Copied ✓' : 'Copy';
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 2_000);
}

/** False without permission, or on a page without TLS. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

async function share() {
  const link = toLink(readForm(), location.href);
  if (!link) return report(['These settings are too long for a link. Download them as a file instead.']);
  const isCopied = await copyText(link);
  return report([
    isCopied
      ? 'The link is copied. Whoever opens it sees these settings.'
      : 'Copy the address of this page: it contains these settings.',
  ]);
}

function download() {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([toFile(readForm())], { type: 'application/json' }));
  link.download = 'call-form.json';
  link.click();
  URL.revokeObjectURL(link.href);
}

async function openFile({ target }) {
  const [file] = target.files;
  target.value = '';
  if (!file) return;
  const read = file.size > maxFileSize ? fromFile(' '.repeat(maxFileSize + 1)) : fromFile(await file.text());
  apply(read, `Opened ${file.name}.`);
}

/** Reads the settings in the address. */
function readLink() {
  const here = toLink(readForm(), location.href);
  if (location.hash.length > 1 && here !== location.href)
    apply(fromFragment(location.hash), 'Opened the settings in this link.');
  else refresh();
}

/** Shows settings that were read. Valid settings are applied, and every mistake is named. */
function apply({ settings, problems }, done) {
  fillForm(settings);
  refresh();
  report(problems.length > 0 ? problems : [done]);
}

function report(sentences) {
  byId('saved').replaceChildren(
    ...sentences.slice(0, 8).map((sentence) => {
      const line = document.createElement('p');
      line.textContent = sentence;
      return line;
    }),
  );
}

async function check() {
  const field = byId('page');
  const origin = originOf(field.value);
  if (origin) field.value = field.value.includes('://') ? field.value : `${origin}/`;
  byId('checked').textContent = 'Checking…';
  byId('checked').textContent = await checkPage(origin);
}

function showRecipe() {
  const recipe = recipes.find(({ id }) => id === byId('recipe').value) ?? recipes[0];
  byId('recipe-hint').textContent = recipe.needsDataLayer
    ? `Enter dataLayer under Measuring first. ${recipe.hint}`
    : recipe.hint;
  byId('recipe-code').firstElementChild.textContent = recipe.code;
  byId('copied-recipe').textContent = '';
}
