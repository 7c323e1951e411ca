// The two words of a call: the lists, the derivation, and who gets them. Mutations that turn each red: derive them from the ID
// alone; leave them out of a replay, or put them into a snapshot; a word twice, a pair that differs in one letter.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languages } from '../../../src/widget/i18n/languages.js';
import { createKeyring } from '../../../src/proxy/secrets/keyring.js';
import { phraseWords } from '../../../src/proxy/verification/phrase-words.js';
import { createVerificationPhrase } from '../../../src/proxy/verification/verification-phrase.js';
import { acceptedOf, callRequest, createFixture, newKey } from '../fixtures/app.js';

const keyring = (fill: number) => createKeyring([{ name: 'v1', secret: new Uint8Array(32).fill(fill) }]);
const phraseOf = createVerificationPhrase(keyring(1));

test('there are words in every language of the element', () => {
  assert.deepEqual(Object.keys(phraseWords).sort(), ['en', ...Object.keys(languages)].sort());
});

for (const [code, { first, second }] of Object.entries(phraseWords)) {
  test(`${code}: at least 64 words for each place, none of them twice, all plain`, () => {
    const [one, two] = [first.split(' '), second.split(' ')];
    for (const list of [one, two]) assert.ok(list.length >= 64, `${String(list.length)} words`);
    const all = [...one, ...two];
    assert.equal(new Set(all.map((word) => word.toLowerCase())).size, all.length);
    const plain = /^[\p{L}\p{M}׳]{2,}$/u;
    assert.deepEqual(
      all.filter((word) => !plain.test(word) || word !== word.normalize('NFC')),
      [],
    );
  });

  // A Chinese or Korean character is a whole syllable.
  if (code === 'zh' || code === 'ko') continue;
  test(`${code}: no two words for the same place differ in one letter`, () => {
    const close = [first, second].flatMap((list) => {
      const words = list.split(' ');
      return words.flatMap((word, index) =>
        words.slice(index + 1).flatMap((other) => (distance(word, other) < 2 ? [`${word}/${other}`] : [])),
      );
    });
    assert.deepEqual(close, []);
  });
}

test('the words depend on the call and on the secret, and are in the language of the page', () => {
  assert.deepEqual(phraseOf('abc', 'en'), phraseOf('abc', 'en-GB'));
  assert.notDeepEqual(phraseOf('abc', 'en'), phraseOf('abd', 'en'));
  assert.notDeepEqual(phraseOf('abc', 'en'), createVerificationPhrase(keyring(2))('abc', 'en'));
  for (const [locale, code] of [
    ['de-AT', 'de'],
    ['pt-BR', 'pt'],
    ['zh-Hans', 'zh'],
    ['nn-NO', 'nb'],
    ['no', 'nb'],
    ['th', 'en'],
    ['constructor', 'en'],
  ] as const) {
    const [first, second] = phraseOf('abc', locale);
    assert.ok(phraseWords[code]?.first.split(' ').includes(first), `${locale}: ${first}`);
    assert.ok(phraseWords[code]?.second.split(' ').includes(second), `${locale}: ${second}`);
  }
});

test('over many calls, every word is used', () => {
  const phrases = Array.from({ length: 2_000 }, (_, index) => phraseOf(`call${String(index)}`, 'en'));
  const { first = '', second = '' } = phraseWords['en'] ?? {};
  assert.deepEqual(new Set(phrases.map(([word]) => word)), new Set(first.split(' ')));
  assert.deepEqual(new Set(phrases.map(([, word]) => word)), new Set(second.split(' ')));
});

test('page and agent get the same words, a replay too, and nobody else', async () => {
  const fixture = createFixture({ env: { VERIFICATION_PHRASE: 'true' } });
  const key = newKey();
  const accepted = await acceptedOf(await fixture.post(callRequest({ locale: 'de-AT' }), { key }));
  const words = accepted.verificationPhrase ?? [];
  assert.equal(words.length, 2);
  assert.ok(phraseWords['de']?.first.split(' ').includes(words[0] ?? ''), words.join(' '));
  assert.deepEqual(fixture.triggers[0]?.metadata, { verification_phrase: words.join(' ') });
  const replayed = await acceptedOf(await fixture.post(callRequest({ locale: 'de-AT' }), { key }));
  assert.deepEqual(replayed.verificationPhrase, words);
  const read = await fixture.request(`/v1/calls/${accepted.id}`, {
    headers: { Authorization: `Bearer ${accepted.token}` },
  });
  assert.equal(((await read.json()) as typeof accepted).verificationPhrase, undefined);
  assert.equal(((await (await fixture.request('/v1/site')).json()) as { followUp?: true }).followUp, true);
  for (const word of words) assert.ok(!fixture.lines.some((line) => line.includes(word)), `the log contains ${word}`);
});

test('the agent gets the proxy’s words, whatever the page sends under their name', async () => {
  const env = { VERIFICATION_PHRASE: 'true', METADATA_KEYS: 'verification_phrase,topic' };
  const fixture = createFixture({ env });
  const metadata = { verification_phrase: 'mine now', topic: 'teeth' };
  const { verificationPhrase = [] } = await acceptedOf(await fixture.post(callRequest({ metadata })));
  assert.deepEqual(fixture.triggers[0]?.metadata, {
    topic: 'teeth',
    verification_phrase: verificationPhrase.join(' '),
  });
});

test('without the setting there are no words, and PolyAI gets no metadata', async () => {
  const fixture = createFixture();
  const accepted = await acceptedOf(await fixture.post());
  assert.equal(accepted.verificationPhrase, undefined);
  assert.deepEqual(Object.keys(fixture.triggers[0] ?? {}), ['number']);
});

/** Levenshtein’s. */
function distance(a: string, b: string): number {
  const [from, to] = [Array.from(a), Array.from(b)];
  let row = [0, ...to.map((_, index) => index + 1)];
  for (const [i, letter] of from.entries()) {
    const next = [i + 1];
    for (const [j, other] of to.entries())
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    row = next;
  }
  return row[to.length] ?? 0;
}
