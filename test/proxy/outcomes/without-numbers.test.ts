// Phone numbers in texts of unknown content. Mutations that turn it red: raise `fewestDigits` to 9; allow only spaces and hyphens between digits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutNumbers } from '../../../src/proxy/outcomes/without-numbers.js';

for (const number of [
  '+44 20 7946 0958',
  '(415) 555-0100',
  '415.555.0100',
  '02079460958',
  '22 22 55 55',
  '+1 415 555 0100',
  '00 44 20 7946 0958',
  '٠٢٠ ٧٩٤٦ ٠٩٥٨',
  '＋４４ ２０ ７９４６ ０９５８',
  '020_7946_0958',
  '020·7946·0958',
  '020 • 7946 • 0958',
  '415,555,0100',
  '415/555/0100',
  '(415)|555~0100',
  '415 — 555 — 0100',
  '4, 1, 5, 5, 5, 5, 0, 1, 0, 0',
  '４１５．５５５．０１００',
  '④①⑤⑤⑤⑤⓪①⓪⓪',
  '4️⃣1️⃣5️⃣5️⃣5️⃣5️⃣0️⃣1️⃣0️⃣0',
  '𝟒𝟏𝟓 𝟓𝟓𝟓 𝟎𝟏𝟎𝟎',
  '+47 2345-67-89',
  '+47 2012-11-22',
  '2345-67-89',
  '41-55-5501',
  '20-11-2012-34',
  '415:55 50:10 0',
])
  test(`a number is removed: ${number}`, () => {
    assert.equal(withoutNumbers(`Ring ${number}, please.`), 'Ring [number], please.');
  });

for (const text of [
  'On 2026-03-10 at 10:00.',
  'On 10/03/2026, 10:00–11:30.',
  'On 10.03.2026 for 45 minutes.',
  'It costs 1,250.00 a month.',
  'Order 4471-22.',
  'Room 1200, 10:00–11:30.',
  'At 10:00, 11:00 and 12:00 on 10/03/2026.',
  'On 10.03.2026, 17.03.2026 or 2026-03-24, 09:15.',
  'Flat 12, 1600 Pennsylvania Avenue.',
])
  test(`other digits stay: ${text}`, () => {
    assert.equal(withoutNumbers(text), text);
  });
