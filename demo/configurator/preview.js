// The preview: the real element on a separate page, so that it has its own width, theme and direction. The configurator
// decides what to show; nothing is stored.

import { phaseGroups } from './phases.js';
import { PreviewProxy } from './preview-proxy.js';
import { attributesOf, cssOf } from './settings.js';

// A preview stores no call and receives none from other tabs.
for (const name of ['sessionStorage', 'localStorage'])
  Object.defineProperty(globalThis, name, {
    get() {
      throw new DOMException('The preview stores nothing', 'SecurityError');
    },
  });
globalThis.BroadcastChannel = undefined;

/** The steps to a phase press buttons, and the element moves focus as for a visitor; here, that would take it from the choices. */
let isStepping = false;
const { focus } = HTMLElement.prototype;
HTMLElement.prototype.focus = function focusUnlessStepping(...options) {
  if (!isStepping) focus.apply(this, options);
};

/** The element's state in phases that are named otherwise. */
const states = {
  form: 'idle',
  real: 'idle',
  'not-served': 'idle',
  offline: 'idle',
  'limit-offers': 'refused',
  'in-line': 'queued',
  'next-in-line': 'queued',
  'in-line-without-wait': 'queued',
  'wait-ended': 'failed',
};
const phases = Object.fromEntries(phaseGroups.flatMap(([, group]) => Object.entries(group)));
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);
const place = document.querySelector('#place');
const known = fetch('../v1/site').then(async (answer) => {
  const site = await answer.json();
  // Without test numbers: examples of the countries that may be called. Nothing calls them.
  const examples = site.testNumbers ? {} : await fetch('numbers.json').then((list) => (list.ok ? list.json() : {}));
  const testNumbers = site.testNumbers ?? Object.values(examples).map((number) => ({ number, shows: '' }));
  return { ...site, testNumbers };
});
/** What is shown, and the latest request, which replaces an earlier one. */
let shown = { key: '', element: undefined, set: [], isThere: false };
let turn = 0;

globalThis.addEventListener('message', ({ data, source, origin }) => {
  if (source === parent && origin === location.origin) void show(data);
});
parent.postMessage({ type: 'ready' }, location.origin);

async function show({ settings, phase, dark, rtl }) {
  const site = await known;
  await customElements.whenDefined('polyai-callback');
  const root = document.documentElement;
  root.classList.toggle('dark', dark);
  root.classList.toggle('light', !dark);
  root.dir = rtl ? 'rtl' : 'ltr';
  sheet.replaceSync(cssOf(settings));
  // Text and colors change in place; another variant or phase starts over.
  const key = JSON.stringify([phase, settings.variant, settings.countries, settings.defaultCountry]);
  if (key === shown.key) {
    applySettings(shown.element, settings);
    if (shown.isThere) parent.postMessage({ type: 'shown', phase }, location.origin);
    return;
  }
  turn += 1;
  const own = turn;
  isStepping = true;
  delete navigator.onLine;
  const element = document.createElement('polyai-callback');
  const [, steps, changes = {}] = phases[phase] ?? [];
  const isReal = phase === 'real';
  const proxy = isReal ? undefined : new PreviewProxy(siteFor(site, changes));
  if (proxy) {
    proxy.isUp = changes !== null;
    element.endpoint = proxy.endpoint;
  }
  shown = { key, element, set: [], isThere: false };
  applySettings(element, settings);
  if (!settings.phone) element.append(linkTo(site.phone ?? '+14155550198'));
  const opener = settings.variant === 'modal' ? [openerFor(settings)] : [];
  place.replaceChildren(...opener, element);
  await element.updateComplete;
  // Simulates an interaction: far down the page, the element would otherwise wait until it is scrolled into view.
  element.dispatchEvent(new FocusEvent('focusin'));
  const isFloating = settings.variant === 'floating' || settings.variant === 'modal';
  if (isFloating && phase !== 'fallback') element.open();
  const until = async (holds) => {
    while (!holds()) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (own !== turn) throw new Superseded();
    }
  };
  try {
    if (steps) await take(steps, element, proxy, site, until);
    const state = states[phase] ?? phase;
    await until(() => element.matches(`:state(${state})`));
    // Focus moves shortly after the phase changes; until then, the frame must not take it.
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (own !== turn) return;
  } catch (error) {
    if (error instanceof Superseded) return;
    throw error;
  }
  shown.isThere = true;
  isStepping = false;
  parent.postMessage({ type: 'shown', phase }, location.origin);
}

/** Thrown when a newer request has arrived. */
class Superseded extends Error {}

/** Takes the steps to a phase. */
async function take(steps, element, proxy, site, until) {
  const root = element.shadowRoot;
  await until(() => root.querySelector('#phone, slot:not([hidden]):not([name])'));
  const number = numberFor(site, element);
  const request = () => {
    const box = root.querySelector('#consent');
    if (!box.checked) box.click();
    root.querySelector('[part~=submit]').click();
  };
  // The element must have the site data before it can parse the number by its country.
  await until(() => root.querySelector('#phone') && root.querySelector('[part~=submit]'));
  element.value = number;
  await element.updateComplete;
  const is = (name) => element.matches(`:state(${name})`);
  await steps({ root, proxy, request, until, is, country: [...(site.countries ?? [])][1] ?? 'CA' });
}

/** A sandbox number in a country that may be called here. */
function numberFor({ testNumbers = [], callingCodes = {} }, element) {
  const wanted = [element.defaultCountry, ...(element.countries ?? [])].filter(Boolean);
  const found = wanted
    .map((country) =>
      testNumbers.find(({ number }) => callingCodes[country] && number.startsWith(`+${callingCodes[country]}`)),
    )
    .find(Boolean);
  return found?.number ?? testNumbers[0]?.number ?? '+14155550100';
}

const siteFor = (site, changes) => ({
  ...site,
  testNumbers: undefined,
  sandbox: false,
  business: site.sandbox ? 'your company' : site.business,
  challenge: { kind: 'none' },
  opening: { open: true },
  ...changes,
});

/** Sets the element's attributes and removes those no longer set. */
function applySettings(element, settings) {
  const pairs = attributesOf({ ...settings, endpoint: '' });
  for (const name of shown.set) if (!pairs.some(([other]) => other === name)) element.removeAttribute(name);
  for (const [name, value] of pairs) element.setAttribute(name, value);
  shown.set = pairs.map(([name]) => name);
  if (settings.variant === 'modal') {
    const opener = place.querySelector('.opener');
    if (opener) opener.textContent = settings.texts.open?.trim() || 'Get a call';
  }
}

function openerFor({ texts }) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'opener';
  button.dataset.polyaiCallbackOpen = '';
  button.textContent = texts.open?.trim() || 'Get a call';
  return button;
}

function linkTo(number) {
  const link = document.createElement('a');
  link.href = `tel:${number}`;
  link.textContent = `Call us: ${number}`;
  return link;
}
