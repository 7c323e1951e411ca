// The rules in the `open-*` attributes, and the once-a-day limit. Mutations that turn it red: treat an empty value as 0; let a pattern match
// part of a path; compare days in UTC only; forget `never`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dayOf, isAllowedToday, isOnPath, never, rulesOf } from '../../../src/widget/proactive/rules.js';

const rules = (attributes: Readonly<Record<string, string>>) => rulesOf((name) => attributes[name] ?? null);

test('there are no rules by default, or with invalid values', () => {
  assert.equal(rules({}), undefined);
  for (const wrong of ['', ' ', 'soon', '-1', '3601', 'NaN', 'Infinity'])
    assert.equal(rules({ 'open-after': wrong }), undefined, wrong);
  for (const wrong of ['', 'half', '-5', '101']) assert.equal(rules({ 'open-at-scroll': wrong }), undefined, wrong);
  assert.equal(rules({ 'open-on-exit': 'false' }), undefined);
  assert.equal(rules({ 'open-on-paths': 'pricing' }), undefined);
});

test('time, scroll depth, exit and paths are read together', () => {
  assert.deepEqual(
    rules({ 'open-after': '20', 'open-at-scroll': '50', 'open-on-exit': '', 'open-on-paths': '/pricing, /plans/*' }),
    {
      afterMs: 20_000,
      scrollShare: 0.5,
      onExit: true,
      paths: ['/pricing', '/plans/*'],
    },
  );
  assert.deepEqual(rules({ 'open-on-exit': 'true' }), { onExit: true });
});

test('paths alone open the form immediately on those paths; with another rule they only restrict it', () => {
  assert.deepEqual(rules({ 'open-on-paths': '/pricing' }), { afterMs: 0, onExit: false, paths: ['/pricing'] });
  assert.deepEqual(rules({ 'open-on-paths': '/pricing', 'open-on-exit': '' }), { onExit: true, paths: ['/pricing'] });
});

test('a pattern must match the whole path', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['/pricing', '/pricing', true],
    ['/pricing', '/pricing/', true],
    ['/pricing/', '/pricing', true],
    ['/pricing', '/pricing/team', false],
    ['/pricing', '/en/pricing', false],
    ['/pricing', '/Pricing', false],
    ['/', '/', true],
    ['/', '/pricing', false],
    ['/*', '/anything/at/all', true],
    ['/plans/*', '/plans/team', true],
    ['/plans/*', '/plans', false],
    ['/plans*', '/plans', true],
    ['/*/offer', '/en/offer', true],
    ['/*/offer', '/offer', false],
    ['/a*a', '/a', false],
    ['/a*b*c', '/axxbxxc', true],
    ['/a*b*c', '/axxcxxb', false],
    ['/a.c', '/abc', false],
  ];
  for (const [pattern, path, expected] of cases)
    assert.equal(isOnPath([pattern], path), expected, `${pattern} ${path}`);
  assert.equal(isOnPath(undefined, '/anywhere'), true);
  assert.equal(isOnPath([], '/anywhere'), false);
});

test('a pattern matches the same paths as the equivalent regular expression', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 8 });
  const path = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 10 });
  fc.assert(
    fc.property(letters, path, (rest, pathRest) => {
      const bare = (text: string): string => text.replace(/(?<=.)\/$/, '');
      const [pattern, pathname] = [`/${rest}`, `/${pathRest}`];
      const expected = new RegExp(`^${bare(pattern).replaceAll('*', '.*')}$`).test(bare(pathname));
      assert.equal(isOnPath([pattern], pathname), expected, `${pattern} ${pathname}`);
    }),
    { numRuns: 2_000 },
  );
});

test('once a day, by the visitor’s calendar, and never after opting out', () => {
  const noon = new Date(2026, 10, 26, 12).getTime();
  const late = new Date(2026, 10, 26, 23, 59).getTime();
  const next = new Date(2026, 10, 27, 0, 1).getTime();
  assert.equal(isAllowedToday(null, noon), true);
  assert.equal(isAllowedToday(dayOf(noon), late), false);
  assert.equal(isAllowedToday(dayOf(noon), next), true);
  assert.equal(isAllowedToday(never, next), false);
});
