// A place in the queue as text, in every language. Mutations that turn each red: cardinal rules for the ordinal; round the wait
// down, or to seconds; an estimate without one; "less than a minute" for good.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QueuePlace } from '../../../src/contract.js';
import { languages as elementLanguages } from '../../../src/widget/i18n/languages.js';
import { createLocalizer } from '../../../src/widget/i18n/localizer.js';
import { isPlace, placeText, waitText } from '../../../src/widget/queue/queue-place.js';
import { type QueueLocalizer, queueTexts } from '../../../src/widget/queue/texts.js';

const localizerFor = async (locale: string): Promise<QueueLocalizer> => {
  const localizer = createLocalizer({ locale, table: {} });
  await queueTexts.load(localizer);
  const own = queueTexts.localizer(localizer);
  assert.ok(own, `no texts in ${locale}`);
  return own;
};
const english = await localizerFor('en-GB');

test('English counts with ordinals, and names only the first as the next one', () => {
  const title = (position: number): string => placeText(english, { position }, 'queue-title');
  assert.equal(title(1), 'You’re next in line');
  assert.deepEqual(
    [2, 3, 4, 11, 12, 13, 21, 22, 103, 1_000].map((position) => /(\S+) in line$/.exec(title(position))?.[1]),
    ['2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '22nd', '103rd', '1,000th'],
  );
  assert.equal(placeText(english, { position: 1 }, 'queue-offer'), 'You’d be next in line.');
  assert.equal(placeText(english, { position: 3 }, 'queue-offer'), 'You’d be 3rd in line.');
});

test('the wait is in whole minutes, rounded up, below a minute in words, and absent where it is not known', () => {
  const wait = (waitSeconds?: number, elapsedMs = 0): string =>
    waitText(english, { position: 2, ...(waitSeconds !== undefined && { waitSeconds }) }, elapsedMs, 'queue');
  assert.equal(wait(), '');
  assert.equal(wait(0), 'We expect to call you in less than a minute.');
  assert.equal(wait(59), 'We expect to call you in less than a minute.');
  assert.equal(wait(60), 'We’ll call you in about 1 minute.');
  assert.equal(wait(61), 'We’ll call you in about 2 minutes.');
  assert.equal(wait(240), 'We’ll call you in about 4 minutes.');
  assert.equal(wait(1_790), 'We’ll call you in about 30 minutes.');
  assert.equal(wait(240, 65_000), 'We’ll call you in about 3 minutes.');
  assert.equal(wait(240, -65_000), 'We’ll call you in about 4 minutes.');
  assert.equal(wait(240, 239_000), 'We expect to call you in less than a minute.');
  assert.equal(wait(240, 299_000), 'We expect to call you in less than a minute.');
  assert.equal(wait(240, 300_000), '', 'a wait that was wrong is not repeated');
  assert.equal(waitText(english, { position: 2, waitSeconds: 200 }, 0, 'queue-offer'), 'The wait is about 4 minutes.');
  assert.equal(
    waitText(english, { position: 2, waitSeconds: 20 }, 0, 'queue-offer'),
    'The wait is less than a minute.',
  );
});

test('a malformed place is none', () => {
  const malformed: readonly unknown[] = [
    undefined,
    null,
    {},
    { position: 0 },
    { position: 1.5 },
    { position: '1' },
    { position: 1, waitSeconds: '4' },
    { position: 1, waitSeconds: Number.NaN },
  ];
  for (const place of malformed) assert.equal(isPlace(place), false, JSON.stringify(place));
  assert.ok(isPlace({ position: 1 }) && isPlace({ position: 40, waitSeconds: 0 }), 'well-formed places');
});

for (const locale of Object.keys(elementLanguages)) {
  test(`${locale}: every position and every wait is a sentence of its own, with its number`, async () => {
    const localizer = await localizerFor(locale);
    const place: QueuePlace = { position: 3, waitSeconds: 240 };
    for (const key of ['queue-title', 'queue-offer'] as const) {
      assert.ok(placeText(localizer, place, key).includes((3).toLocaleString(locale)), key);
      assert.doesNotMatch(placeText(localizer, place, key), /[{}]|3(?:rd|th)/);
      assert.notEqual(placeText(localizer, { position: 1 }, key), placeText(localizer, place, key));
    }
    for (const key of ['queue', 'queue-offer'] as const) {
      assert.ok(waitText(localizer, place, 0, key).includes((4).toLocaleString(locale)), key);
      assert.doesNotMatch(waitText(localizer, place, 0, key), /[{}]/);
      const soon = waitText(localizer, { position: 1, waitSeconds: 20 }, 0, key);
      assert.ok(soon !== '' && soon !== waitText(localizer, place, 0, key), key);
    }
    const until = localizer.t('queue-until', { time: '15:45' });
    assert.ok(until.includes('15:45') && !/[{}]/.test(until), until);
  });
}
