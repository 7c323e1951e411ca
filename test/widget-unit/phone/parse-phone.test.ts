// Typed text to E.164 against the pitfalls of real fields. Mutations that turn it red: drop a line of normalizePhone; parse
// without `extract: false`; drop the extension instead of refusing it; trust the metadata slice's country without isValid().

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MetadataJson } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/min/metadata';
import { sliceMetadata } from '../../../src/proxy/static/phone-metadata.js';
import { extractPhone, parsePhone } from '../../../src/widget/phone/parse-phone.js';
import type { PhoneRules } from '../../../src/widget/phone/parse-plain.js';
import type { ParsedPhone } from '../../../src/widget/phone/parsed-phone.js';
import { normalizePhone, parseWithoutLibrary } from '../../../src/widget/phone/normalize-phone.js';

const countries = ['US', 'GB', 'DE', 'FR', 'ES', 'IT', 'AT', 'AU', 'CA', 'IN', 'JP', 'RU', 'SG'];
const slice = sliceMetadata(countries);
const rules = (country?: string, more: Partial<PhoneRules> = {}): PhoneRules => ({
  metadata: slice,
  countries,
  country,
  ...more,
});
const read = (text: string, country?: string): ParsedPhone => parsePhone(text, rules(country));

/** The E.164 of a valid number, `!reason` of an invalid one. */
const short = (text: string, country?: string): string => {
  const reading = read(text, country);
  return reading.ok ? reading.e164 : `!${reading.reason}`;
};

describe('the same number, however it is written', () => {
  const london = '+442079460958';
  const cases: readonly (readonly [string, string, string?])[] = [
    ['spaces', '+44 20 7946 0958'],
    ['brackets and a trunk zero', '+44 (0)20 7946 0958'],
    ['the calling code in brackets', '(+44) 20 7946 0958'],
    ['dots', '+44.20.7946.0958'],
    ['national with the country chosen', '020 7946 0958', 'GB'],
    ['national without its trunk zero', '20 7946 0958', 'GB'],
    ['the calling code without a plus, country chosen', '442079460958', 'GB'],
    ['the international prefix of the chosen country', '0044 20 7946 0958', 'GB'],
    ['the prefix 011 where it is dialled', '011 44 20 7946 0958', 'US'],
    ['00 without a country', '0044 20 7946 0958'],
    ['00 typed by somebody from elsewhere', '00 44 20 7946 0958', 'US'],
    ['00 in a country that dials 0011', '0044 20 7946 0958', 'AU'],
    ['a plus before 00', '+0044 20 7946 0958'],
    ['a plus before 00 and a space', '+ 00 44 20 7946 0958'],
    ['a plus before 011', '+01144 20 7946 0958'],
    ['two pluses', '++44 20 7946 0958'],
    ['a plus apart', '+ 44 20 7946 0958'],
    ['Arabic-Indic digits', '٠٢٠ ٧٩٤٦ ٠٩٥٨', 'GB'],
    ['Persian digits', '+۴۴ ۲۰ ۷۹۴۶ ۰۹۵۸'],
    ['Devanagari digits', '+४४ २० ७९४६ ०९५८'],
    ['Bengali digits', '+৪৪ ২০ ৭৯৪৬ ০৯৫৮'],
    ['Thai digits', '+๔๔ ๒๐ ๗๙๔๖ ๐๙๕๘'],
    ['full-width digits and signs', '＋４４（２０）７９４６－０９５８'],
    ['mathematical digits', '+𝟒𝟒 𝟐𝟎 𝟕𝟗𝟒𝟔 𝟎𝟗𝟓𝟖'],
    ['an ideographic space', '+44　20　7946　0958'],
    ['bidirectional marks', '\u202A+44 20 7946 0958\u202C\u200E'],
    ['isolates, a byte order mark, a zero-width space', '\uFEFF\u2066+44\u200B 20 7946 0958\u2069'],
    ['no-break and thin spaces', '+44\u00A020\u20097946\u202F0958'],
    ['odd dashes', '+44‐20‑7946–0958'],
    ['a minus and a long vowel mark', '+44−20ー7946 0958'],
    ['dots between words', '+44·20·7946·0958'],
    ['a heavy plus', '➕44 20 7946 0958'],
    ['a tel address', 'tel:+44-20-7946-0958'],
    ['a tel address with slashes, in capitals', 'TEL://+442079460958'],
    ['a tel address with parameters', 'tel:+44-20-7946-0958;isub=1;x=y'],
    ['a local tel address with its context', 'tel:20-7946-0958;phone-context=+44'],
    ['a percent-encoded tel address', 'tel:%2B44%2020%207946%200958'],
    ['white space around it', '\n  +44 20 7946 0958\t'],
  ];
  for (const [what, text, country] of cases) {
    test(what, () => assert.equal(short(text, country), london));
  }

  test('in a country without a trunk prefix a leading zero is kept', () => {
    assert.equal(short('+39 06 698 1234'), '+39066981234');
    assert.equal(short('06 698 1234', 'IT'), '+39066981234');
  });
});

describe('which number is called', () => {
  test('a typed calling code overrides the selected country', () => {
    assert.deepEqual(read('+49 30 901820', 'US'), {
      ok: true,
      e164: '+4930901820',
      country: 'DE',
      international: true,
      formatted: '+49 30 901820',
    });
  });

  test('a national number belongs to the selected country and does not change it', () => {
    const reading = read('(202) 555-0123', 'US');
    assert.ok(reading.ok);
    assert.equal(reading.international, false);
    assert.equal(reading.country, 'US');
  });

  test('a number with the selected country’s international prefix is international', () => {
    const reading = read('0049 30 901820', 'GB');
    assert.ok(reading.ok && reading.international);
    assert.equal(reading.country, 'DE');
  });

  test('a Canadian number typed nationally with the United States selected is Canadian', () => {
    const reading = read('416 555 0123', 'US');
    assert.ok(reading.ok);
    assert.equal(reading.country, 'CA');
  });

  test('digits without a plus that would be another number with one need confirmation', () => {
    // Autofill in a US profile; valid in Austria.
    assert.equal(short('12025550123', 'US'), '+12025550123');
    const austrian = read('12025550123', 'AT');
    assert.ok(!austrian.ok && austrian.reason === 'confirm-country' && austrian.choices?.length === 2);
  });

  test('a metadata slice with one country of a shared calling code does not claim the others’ numbers', () => {
    const only = rules(undefined, { metadata: sliceMetadata(['US']), countries: ['US'] });
    const jamaican = parsePhone('+1 876 555 0123', only);
    assert.ok(jamaican.ok);
    assert.equal(jamaican.country, 'ZZ');
  });

  test('a stray plus before a national number does not make it a foreign one', () => {
    assert.equal(short('+020 7946 0958', 'GB'), '!invalid-country-code');
  });
});

describe('what is refused, and why', () => {
  const cases: readonly (readonly [string, string, string, string?])[] = [
    ['nothing', '', 'required'],
    ['white space and marks', ' \u200E\u2066 ', 'required'],
    ['words', 'call me', 'not-a-number'],
    ['letters for digits', '+1 800 FLOWERS', 'not-a-number'],
    ['letters for digits, national', '1-800-FLOWERS', 'not-a-number', 'US'],
    ['a number among words', 'my number is 020 7946 0958', 'not-a-number', 'GB'],
    ['an extension', '020 7946 0958 ext 12', 'extension-not-supported', 'GB'],
    ['an extension with x', '+44 20 7946 0958 x12', 'extension-not-supported'],
    ['an extension with #', '+44 20 7946 0958 #12', 'extension-not-supported'],
    ['an extension in a tel address', 'tel:+44-20-7946-0958;ext=12', 'extension-not-supported'],
    ['an extension in full-width letters', '020 7946 0958 ｅｘｔ 12', 'extension-not-supported', 'GB'],
    ['a national number without a country', '020 7946 0958', 'country-required'],
    ['no calling code at all', '+999 123 4567', 'invalid-country-code'],
    ['a calling code that begins with zero', '+0 20 7946 0958', 'invalid-country-code'],
    ['a country that is not served, unknown to the slice', '+33 1 99 00 12 34', 'country-not-allowed'],
    ['a country that is not served, known to the slice', '+1 202 555 0123', 'country-not-allowed'],
    ['an emergency number', '911', 'too-short', 'US'],
    ['a few digits', '+44 20', 'too-short'],
    ['a plus and a digit', '+4', 'too-short'],
    ['one digit', '7', 'too-short', 'US'],
    ['one digit too few', '(202) 555-012', 'too-short', 'US'],
    ['one digit too many', '+1 (202) 555-01234', 'too-long'],
    ['far too many', '1'.repeat(300), 'too-long', 'US'],
  ];
  for (const [what, text, reason, country] of cases) {
    test(what, () => {
      // A slice keeps the United States for the formats of Canada.
      const canada = { metadata: sliceMetadata(['CA']), countries: ['CA'], country };
      const reading = parsePhone(text, what.includes('not served') ? canada : rules(country));
      assert.equal(reading.ok ? reading.e164 : reading.reason, reason);
    });
  }

  test('length errors state how many digits the country’s numbers have', () => {
    assert.deepEqual(read('555 0123', 'US'), { ok: false, reason: 'too-short', lengths: [10], country: 'US' });
    const singapore = read('+65 6123 456 78901');
    assert.ok(!singapore.ok && singapore.reason === 'too-long' && (singapore.lengths?.length ?? 0) > 0);
  });

  test('a length between two possible ones is reported as such', () => {
    // Iran has six, seven and ten digits.
    const rules = { metadata: sliceMetadata(['IR']), countries: ['IR'], country: 'IR' };
    const parsed = parsePhone('+98 2112 3456', rules);
    assert.ok(!parsed.ok && parsed.reason === 'invalid-length', JSON.stringify(parsed));
  });

  test('only the length blocks: whether a number exists is for the proxy to decide', () => {
    assert.equal(short('+1 999 999 9999'), '+19999999999');
    assert.equal(short('000 000 0000', 'US').startsWith('!'), false);
  });
});

test('every assigned calling code is known, and no others', () => {
  const known = new Set(Object.keys(metadata.country_calling_codes).concat(Object.keys(nonGeographic(metadata))));
  const empty: MetadataJson = sliceMetadata(['US']);
  for (let code = 2; code < 1000; code += 1) {
    const text = String(code);
    // Longer codes that start with a shorter one are that one's numbers.
    if ([...known].some((shorter) => shorter !== text && text.startsWith(shorter))) continue;
    const reading = parsePhone(`+${text} 1234567`, { metadata: empty, countries: ['US'] });
    const expected = [...known].some((longer) => `${text}1234567`.startsWith(longer))
      ? 'country-not-allowed'
      : 'invalid-country-code';
    assert.equal(reading.ok ? 'ok' : reading.reason, expected, `+${text}`);
  }
});

function nonGeographic(json: unknown): object {
  return (json as { nonGeographic?: object }).nonGeographic ?? {};
}

describe('a number in pasted text', () => {
  const found = (text: string, country?: string): string | undefined => extractPhone(text, rules(country));
  const same = (text: string | undefined, country?: string): string | undefined =>
    text === undefined ? undefined : short(text, country);

  test('exactly one valid number is extracted', () => {
    assert.equal(same(found('Call us: 020 7946 0958!', 'GB'), 'GB'), '+442079460958');
    assert.equal(same(found('Tel.: +44 (0)20 7946 0958 (9–17 h)')), '+442079460958');
    assert.equal(same(found('home (202) 555-0123, order 12', 'US'), 'US'), '+12025550123');
    assert.equal(same(found('٠٢٠ ٧٩٤٦ ٠٩٥٨ هاتف', 'GB'), 'GB'), '+442079460958');
  });

  test('the same number twice counts as one', () => {
    assert.equal(same(found('+44 20 7946 0958 or 020 7946 0958', 'GB'), 'GB'), '+442079460958');
  });

  test('two numbers, none, part of a word, or an extension: nothing is extracted', () => {
    assert.equal(found('020 7946 0958 or 020 7946 0959', 'GB'), undefined);
    assert.equal(found('no number here', 'GB'), undefined);
    assert.equal(found('order X02079460958', 'GB'), undefined);
    assert.equal(found('call 020 7946 0958 ext 12', 'GB'), undefined);
    assert.equal(found('+1 800 FLOWERS', 'US'), undefined);
    assert.equal(found('dial 999 now', 'GB'), undefined);
  });

  test('text that is already a number is left unchanged', () => {
    assert.equal(found('020 7946 0958', 'GB'), undefined);
  });
});

describe('without the phone code', () => {
  test('an international number is sent to the proxy unchanged', () => {
    assert.deepEqual(parseWithoutLibrary('＋44 (20) 7946-0958', undefined), {
      ok: true,
      e164: '+442079460958',
      country: 'ZZ',
      international: true,
      formatted: '+44 (20) 7946-0958',
    });
    const prefixed = parseWithoutLibrary('0044 20 7946 0958', 'GB');
    assert.ok(prefixed.ok && prefixed.country === 'GB' && prefixed.e164 === '+442079460958');
  });

  test('anything else needs the calling code or is not a number', () => {
    assert.deepEqual(parseWithoutLibrary('020 7946 0958', 'GB'), { ok: false, reason: 'invalid-country-code' });
    assert.deepEqual(parseWithoutLibrary('', 'GB'), { ok: false, reason: 'required' });
    assert.deepEqual(parseWithoutLibrary('+1 800 FLOWERS', 'US'), { ok: false, reason: 'not-a-number' });
    assert.deepEqual(parseWithoutLibrary('+44 20 7946 0958 x1', 'US'), { ok: false, reason: 'not-a-number' });
  });
});

test('every decimal digit in Unicode becomes the ASCII digit of its value', () => {
  let seen = 0;
  for (let code = 0; code <= 0x10ffff; code += 1) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const char = String.fromCodePoint(code);
    if (!/\p{Nd}/u.test(char)) continue;
    assert.match(normalizePhone(char), /^\d$/);
    seen += 1;
  }
  assert.ok(seen > 600);
  assert.equal(normalizePhone('٠١٢٣٤٥٦٧٨٩'), '0123456789');
  assert.equal(normalizePhone('𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡'), '0123456789');
});
