// The form of choices: builds the lists and color rows, reads the choices as settings, and fills them in again.

import { phaseGroups } from './phases.js';
import { presets } from './presets.js';
import { fields, hexColor } from './fields.js';
import { colorNames, languages, plain, textKeys } from './settings.js';

const byId = (id) => document.querySelector(`#${id}`);
const form = byId('choices');
const control = (name) => form.elements.namedItem(name);
const initialRadius = '12';

/** Each color's label, and the element's own value for the picker to start from. */
const colors = {
  accent: ['Main color', '#4f46e5'],
  'on-accent': ['Button text', '#ffffff'],
  surface: ['Card', '#ffffff'],
  text: ['Text', '#191b22'],
  muted: ['Secondary text', '#59606d'],
  line: ['Dividing lines', '#e0e3ea'],
  control: ['Borders of fields', '#858b98'],
  danger: ['Errors', '#b3261e'],
  success: ['Completed call', '#17734a'],
};
const firstColors = 4;

/** Settings with one control of the same name. */
const single = Object.entries(fields).filter(([name]) => name !== 'countries' && name !== 'radius');

/** Builds the parts of the form that depend on the proxy or on lists. `onChange` is called when a button changes a choice. */
export function buildForm(site, onChange) {
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
  for (const [group, phases] of phaseGroups) addGroup(group, phases);
  // Never offered when a real phone would ring.
  if (site.sandbox) addGroup('Try it', { real: ['In the sandbox'] });
  for (const [index, name] of colorNames.entries())
    byId(index < firstColors ? 'colors' : 'more-colors').append(colorRow(name, onChange));
  for (const [index, [name]] of presets.entries()) byId('presets').append(option(String(index), name));
  byId('presets').addEventListener('change', ({ target }) => {
    const [, chosen] = presets[Number(target.value)] ?? [];
    if (!chosen || target.value === '') return;
    for (const name of colorNames) control(name).value = chosen[name] ?? '';
    control('theme').value = chosen.theme ?? 'auto';
    target.value = '';
    onChange();
  });
}

/** The current choices; invalid values are left out and marked as invalid. */
export function readForm() {
  const value = (name) =>
    control(name) instanceof RadioNodeList || control(name).type !== 'checkbox'
      ? control(name).value
      : control(name).checked
        ? control(name).value
        : '';
  const settings = { ...plain, texts: {}, styles: {}, metadata: readMetadata() };
  for (const [name, { path, check, expected }] of single) {
    const given = value(name).trim();
    const read = colorNames.includes(name) ? (hexColor(given) ?? given) : given;
    const isRight = read === '' || check(read);
    mark(name, isRight, expected);
    const [first, second] = path;
    const kept = isRight ? read : '';
    if (second) settings[first][second] = kept;
    else settings[first] = kept === '' ? plain[first] : kept;
  }
  const radius = value('radius');
  settings.styles.radius = radius === initialRadius ? '' : radius;
  const boxes = [...form.querySelectorAll('[name=country]')];
  const ticked = boxes.filter(({ checked }) => checked).map((box) => box.value);
  // All and none mean the same: no country is excluded.
  settings.countries = ticked.length === boxes.length ? [] : ticked;
  if (settings.variant === 'inline') delete settings.texts.open;
  return settings;
}

/** Shows settings in the form. */
export function fillForm(settings) {
  form.reset();
  for (const [
    name,
    {
      path: [first, second],
    },
  ] of single) {
    const value = (second ? settings[first][second] : settings[first]) ?? '';
    const target = control(name);
    if (target instanceof RadioNodeList || target.type !== 'checkbox') {
      if (value !== '' || target instanceof HTMLInputElement) target.value = value;
    } else target.checked = value === 'true';
  }
  control('radius').value = settings.styles.radius || initialRadius;
  for (const box of form.querySelectorAll('[name=country]'))
    box.checked = settings.countries.length === 0 || settings.countries.includes(box.value);
  byId('metadata').value = Object.entries(settings.metadata)
    .map(([key, value]) => `${key} = ${value}`)
    .join('\n');
}

/** Shows or hides what depends on other choices, and updates the pickers from the hex fields. */
export function updateForm({ variant }) {
  byId('placement-field').hidden = variant !== 'floating';
  byId('proactive').hidden = variant !== 'floating';
  byId('open-field').hidden = variant === 'inline';
  byId('offset-field').hidden = variant !== 'floating';
  byId('z-index-field').hidden = variant !== 'floating';
  byId('radius-shown').textContent = `${control('radius').value} px`;
  for (const name of colorNames) {
    const hex = hexColor(control(name).value);
    byId(`pick-${name}`).value = hex ?? colors[name][1];
    byId(`own-${name}`).hidden = control(name).value === '';
  }
}

/** The texts that can be chosen, by their control's name. */
export const textControls = textKeys.map((key) => `text-${key}`);

function readMetadata() {
  const lines = byId('metadata')
    .value.split('\n')
    .map((line) => /^\s*([a-z][\w.-]{0,39})\s*[=:]\s*(.{1,512}?)\s*$/.exec(line));
  const isRight = lines.every(Boolean) || byId('metadata').value.trim() === '';
  byId('metadata').setCustomValidity(isRight ? '' : 'Write each value on its own line, such as plan = pro.');
  byId('metadata').setAttribute('aria-invalid', String(!isRight));
  return Object.fromEntries(lines.flatMap((match) => (match ? [[match[1], match[2]]] : [])));
}

function mark(name, isRight, expected) {
  const target = control(name);
  if (target instanceof RadioNodeList) return;
  target.toggleAttribute('aria-invalid', !isRight);
  if (!isRight) target.setAttribute('aria-invalid', 'true');
  target.setCustomValidity(isRight ? '' : `This should be ${expected}.`);
  const note = target.closest('.field, .row')?.querySelector('.mistake');
  if (isRight) note?.remove();
  else if (!note) {
    const made = document.createElement('span');
    made.className = 'mistake';
    made.role = 'alert';
    made.textContent = `This should be ${expected}.`;
    target.after(made);
  }
}

function colorRow(name, onChange) {
  const [words, initial] = colors[name];
  const row = document.createElement('div');
  const label = document.createElement('label');
  const picker = document.createElement('input');
  const hex = document.createElement('input');
  const back = document.createElement('button');
  row.className = 'row';
  picker.type = 'color';
  picker.id = `pick-${name}`;
  picker.defaultValue = initial;
  label.append(picker, ` ${words}`);
  hex.name = name;
  hex.placeholder = initial;
  hex.autocomplete = 'off';
  hex.spellcheck = false;
  hex.setAttribute('aria-label', `${words}, as a hex color`);
  picker.addEventListener('input', () => {
    hex.value = picker.value;
  });
  back.type = 'button';
  back.id = `own-${name}`;
  back.className = 'back';
  back.textContent = 'Reset';
  back.setAttribute('aria-label', `Reset: ${words}`);
  back.addEventListener('click', () => {
    hex.value = '';
    onChange();
    picker.focus();
  });
  row.append(label, hex, back);
  return row;
}

function addGroup(title, phases) {
  const options = document.createElement('optgroup');
  options.label = title;
  for (const [key, [name]] of Object.entries(phases)) options.append(option(key, name));
  byId('phase').append(options);
}

function option(value, text, lang) {
  const made = document.createElement('option');
  made.value = value;
  made.textContent = text;
  if (lang) made.lang = lang;
  return made;
}
