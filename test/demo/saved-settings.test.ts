// The configurator's link and file: saved settings come back unchanged, and settings from anywhere else are checked, with a sentence for each
// mistake. Mutations that turn it red: drop a check of fields.js, the limit of a link, or the nearest name; let a link set the
// proxy's URL.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { originOf } from '../../demo/configurator/check-page.js';
import {
  fields,
  fromFile,
  fromFragment,
  fromPairs,
  hexColor,
  toFile,
  toLink,
  toPairs,
} from '../../demo/configurator/fields.js';
import { plain, type Settings } from '../../demo/configurator/settings.js';
import { anySettings, everything } from './fixtures/any-settings.js';

/** Text that is not a valid page address. */
const scriptUrl = ['javascript', 'alert(1)'].join(':');
const page = 'https://calls.example.com/configurator.html';

test('settings saved in a link or a file come back unchanged', () => {
  fc.assert(
    fc.property(anySettings, (settings) => {
      const expected = toPairs(settings);
      const file = fromFile(toFile(settings));
      assert.deepEqual(file.problems, []);
      assert.deepEqual(toPairs(file.settings), expected);
      const link = toLink(settings, page);
      if (link === undefined) return;
      const read = fromFragment(new URL(link).hash);
      assert.deepEqual(read.problems, []);
      assert.deepEqual(toPairs(read.settings), expected);
    }),
    { numRuns: 500 },
  );
});

test('defaults are not part of a link', () => {
  assert.equal(toLink(plain, page), page);
  assert.deepEqual(toPairs(plain), []);
});

test('a link that mail programs would break is not offered', () => {
  assert.equal(
    toLink({ ...plain, texts: { consent: 'x'.repeat(2_000), heading: 'ü'.repeat(300) } }, page)?.startsWith(page),
    true,
  );
  assert.equal(toLink({ ...plain, texts: { consent: 'ü'.repeat(2_000) } }, page), undefined);
  assert.equal(fromFragment(`#text-consent=${'x'.repeat(10_000)}`).problems.length, 1);
});

test('the link’s settings are in its fragment, which no server receives', () => {
  const link = new URL(toLink(everything, page) ?? '');
  assert.equal(link.search, '');
  assert.match(link.hash, /phone=/);
});

test('a link from a stranger cannot set another proxy or inject code', () => {
  const { settings, problems } = fromFragment(`#endpoint=https://evil.example&privacy-url=${scriptUrl}&accent=red;}`);
  assert.equal(settings.endpoint, '');
  assert.equal(settings.privacyUrl, '');
  assert.equal(settings.styles['accent'], undefined);
  assert.equal(problems.length, 3);
});

test('a mistake is reported with the closest setting name, and the other settings are read', () => {
  const { settings, problems } = fromFile(
    '{"varient": "modal", "variant": "popup", "Accent": "#123456", "radius": 99, "theme": "dark"}',
  );
  assert.equal(settings.theme, 'dark');
  assert.deepEqual(problems, [
    'There is no setting “varient”. Did you mean “variant”?',
    '“variant” should be one of: inline, floating, modal, but is "popup".',
    'There is no setting “Accent”. Did you mean “accent”?',
    '“radius” should be a whole number from 0 to 28, but is 99.',
  ]);
});

test('a file without settings is refused with a sentence', () => {
  for (const [content, expected] of [
    ['', /not JSON/],
    ['<html>', /not JSON/],
    ['[1]', /does not contain settings/],
    ['null', /does not contain settings/],
    ['"text"', /does not contain settings/],
    [' '.repeat(200_000), /too large/],
  ] as const) {
    const { settings, problems } = fromFile(content);
    assert.deepEqual(toPairs(settings), []);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', expected);
  }
  assert.deepEqual(fromFile('\uFEFF{"theme":"dark"}').problems, []);
});

test('no file or link, whatever it contains, causes an exception', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (content) => {
      fromFile(content);
      fromFragment(content);
    }),
    { numRuns: 500 },
  );
  assert.deepEqual(
    toPairs(
      fromPairs([
        ['__proto__', 'x'],
        ['constructor', 'y'],
        ['toString', 'z'],
      ]).settings,
    ),
    [],
  );
});

test('at most twenty values for the agent are read', () => {
  const many = Array.from({ length: 30 }, (_, index) => [`meta-key${String(index)}`, 'x'] as const);
  const { settings, problems } = fromPairs(many);
  assert.equal(Object.keys(settings.metadata).length, 20);
  assert.equal(problems.length, 10);
});

test('every attribute of the element can be set, except those with a stated reason', () => {
  const notChosen = {
    endpoint: 'its own field: a link must not name another proxy',
    value: 'the visitor’s number',
    metadata: 'one attribute for each value instead: data-meta-*',
  };
  const source = readFileSync(new URL('../../docs/element.md', import.meta.url), 'utf8');
  const table = /\| attribute .*\n\| ---.*\n((?:\|.*\n)+)/.exec(source)?.[1] ?? '';
  const attributes = [...table.matchAll(/^\| `([\w-]+)`/gm)].map(([, name = '']) => name);
  assert.ok(attributes.length > 10, 'the table of attributes was not found');
  const chosen = Object.keys(fields);
  assert.deepEqual(
    attributes.filter((name) => !chosen.includes(name) && !Object.hasOwn(notChosen, name)),
    [],
  );
});

test('every custom property of the element can be set', () => {
  const source = readFileSync(new URL('../../docs/element.md', import.meta.url), 'utf8');
  const properties = [...source.matchAll(/^\| `--polyai-callback-([\w-]+)`/gm)].map(([, name = '']) => name);
  assert.ok(properties.length > 10, 'the table of custom properties was not found');
  assert.deepEqual(
    properties.filter((name) => !Object.hasOwn(fields, name)),
    [],
  );
});

test('a hex color is accepted in every common spelling', () => {
  assert.equal(hexColor(' 0D6B4F '), '#0d6b4f');
  assert.equal(hexColor('#AbC'), '#aabbcc');
  for (const wrong of ['', '#12', '#12345', 'red', '#1234567', 'rgb(0,0,0)', '#gggggg'])
    assert.equal(hexColor(wrong), undefined);
});

test('the origin is derived from a page address as people type it', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['www.example.com', 'https://www.example.com'],
    [' https://www.example.com/offer?x=1#y ', 'https://www.example.com'],
    ['http://localhost:3000/', 'http://localhost:3000'],
    ['example.com:8443/x', 'https://example.com:8443'],
    ['münchen.example', 'https://xn--mnchen-3ya.example'],
    ['HTTPS://WWW.EXAMPLE.COM:443', 'https://www.example.com'],
    ['', undefined],
    ['example', undefined],
    ['mailto:a@example.com', undefined],
    [scriptUrl, undefined],
    ['ftp://example.com', undefined],
  ];
  for (const [typed, expected] of cases) assert.equal(originOf(typed), expected, typed);
});

test('two reads never share a settings object', () => {
  const first: Settings = fromPairs([['text-heading', 'A']]).settings;
  const second: Settings = fromPairs([]).settings;
  assert.equal(first.texts['heading'], 'A');
  assert.deepEqual(second.texts, {});
  assert.deepEqual(plain.texts, {});
});
