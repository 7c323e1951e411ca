// Numbers as visitors in many countries write them, one kind per table: the number called is the one they mean, or they have to confirm it.
// Mutations that turn it red: parse a national number without checking whether its digits are another number with a plus; let the
// selected country's own prefixes override 00; count lengths without the trunk zero; exclude digits in parentheses from the count.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import examples from 'libphonenumber-js/examples.mobile.json';
import {
  type CountryCode,
  getCountries,
  getExampleNumber,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/min/metadata';
import { sliceMetadata } from '../../../src/proxy/static/phone-metadata.js';
import { extractPhone, parsePhone } from '../../../src/widget/phone/parse-phone.js';
import type { ParsedPhone } from '../../../src/widget/phone/parsed-phone.js';

const countries = getCountries();
const everywhere = sliceMetadata(countries);
const parse = (text: string, country?: string): ParsedPhone =>
  parsePhone(text, { metadata: everywhere, countries, country });
/** The E.164 of a valid number; `?` and the choices; `!` and the reason. */
const short = (text: string, country?: string): string => {
  const parsed = parse(text, country);
  if (parsed.ok) return parsed.e164;
  return parsed.choices ? `?${parsed.choices.map(({ e164 }) => e164).join(' ')}` : `!${parsed.reason}`;
};

/** One mobile number of each country that has an example. */
const mobiles = new Map<CountryCode, PhoneNumber>();
for (const country of countries) {
  const number = getExampleNumber(country, examples);
  if (number?.isValid()) mobiles.set(country, number);
}

/** A fifth of the mobile numbers, a different fifth for each country: all pairs take a minute. */
const destinations = (chosen: CountryCode): readonly PhoneNumber[] =>
  [...mobiles.values()].filter((_, index) => (index + countries.indexOf(chosen)) % 5 === 0);

/** Two hundred mobile numbers of a country: its example with different last digits. */
function mobilesOf(country: CountryCode): readonly string[] {
  const example = mobiles.get(country)?.number ?? '';
  return Array.from({ length: 200 }, (_, index) => example.slice(0, -5) + String(12_345 + index * 431).slice(-5));
}

describe('a calling code typed without its plus', () => {
  for (const country of [
    'DE',
    'XK',
    'ID',
    'FI',
    'AT',
    'GB',
    'FR',
    'IT',
    'ES',
    'IN',
    'BR',
    'US',
    'CN',
    'JP',
    'SE',
    'PL',
  ] as const) {
    test(`two hundred mobile numbers of ${country} are called or need confirmation, never another number`, () => {
      for (const e164 of mobilesOf(country)) {
        const digits = e164.slice(1);
        for (const text of [digits, `${digits.slice(0, 4)} ${digits.slice(4, 7)} ${digits.slice(7)}`]) {
          const parsed = parse(text, country);
          if (parsed.ok) assert.equal(parsed.e164, e164, text);
          else
            assert.ok(
              parsed.choices?.some((choice) => choice.e164 === e164),
              `${text} ${JSON.stringify(parsed)}`,
            );
        }
      }
    });
  }

  test('a mobile number of any country, with any country selected: that number is among the choices, or the input is not a number', () => {
    const silent: string[] = [];
    for (const chosen of countries) {
      for (const number of destinations(chosen)) {
        const parsed = parse(number.number.slice(1), chosen);
        const isRight = parsed.ok ? parsed.e164 === number.number : true;
        if (!isRight) silent.push(`${number.number} under ${chosen}: ${parsed.ok ? parsed.e164 : ''}`);
      }
    }
    assert.deepEqual(silent, []);
  });

  const rows: readonly (readonly [text: string, country: string, expected: string])[] = [
    ['491713920012', 'DE', '?+491713920012 +49491713920012'],
    ['49 171 3920012', 'DE', '?+491713920012 +49491713920012'],
    ['62812345678', 'ID', '?+62812345678 +6262812345678'],
    // Chromium autofills a United States profile like this.
    ['12025550123', 'AT', '?+12025550123 +4312025550123'],
    ['12025550123', 'US', '+12025550123'],
    ['442079460958', 'GB', '+442079460958'],
    ['442079460958', 'US', '?+442079460958'],
    ['0491 713920012', 'DE', '+49491713920012'],
    ['(0491) 713920012', 'DE', '+49491713920012'],
    ['491713920012', '', '?+491713920012'],
  ];
  for (const [text, country, expected] of rows) {
    test(`${text} under ${country || 'no country'}: ${expected}`, () =>
      assert.equal(short(text, country || undefined), expected));
  }

  test('a number grouped the way its country groups it needs no confirmation anywhere', () => {
    for (const text of ['(435) 555-0123', '435-555-0123', '469 555 0123'])
      assert.equal(short(text, 'US'), `+1${text.replace(/\D/g, '')}`);
  });

  test('a number typed with a trunk zero is marked, so that the proxy does not ask again', () => {
    const typed = parse('0491 713920012', 'DE');
    assert.ok(typed.ok && typed.unambiguous === true && !typed.international);
    const bare = parse('2079460958', 'GB');
    assert.ok(bare.ok && bare.unambiguous === undefined);
  });

  test('a choice counts as the visitor’s confirmation', () => {
    const parsed = parse('491713920012', 'DE');
    assert.ok(!parsed.ok);
    assert.deepEqual(
      parsed.choices?.map(({ international, countryConfirmed }) => [international, countryConfirmed]),
      [
        [true, true],
        [false, true],
      ],
    );
  });
});

describe('a calling code written twice, or behind one zero', () => {
  for (const country of countries) {
    const e164 = mobiles.get(country)?.number;
    if (e164 === undefined) continue;
    const code = String(metadata.countries[country]?.[0]);
    const national = e164.slice(1 + code.length);
    test(`twice, ${country}: that mobile number, or the visitor has to choose, or it is refused`, () => {
      for (const text of [
        `+${code}${code}${national}`,
        `+${code} ${code} ${national}`,
        `00${code} ${code} ${national}`,
        `00${code} 00${code} ${national}`,
      ]) {
        for (const chosen of [country, country === 'FR' ? 'DE' : 'FR']) {
          const parsed = parse(text, chosen);
          assert.ok(!parsed.ok || parsed.e164 === e164, `${text} ${JSON.stringify(parsed)}`);
        }
      }
    });
  }

  for (const [text, country, expected] of [
    ['+49 49 171 3920012', 'DE', '?+491713920012 +49491713920012'],
    ['+62 62 812345678', 'US', '?+62812345678 +6262812345678'],
    // An area code that begins like the calling code.
    ['+49 491 71392', 'DE', '+4949171392'],
    ['+494921123456', 'DE', '+494921123456'],
    ['+49 4921 123456', 'DE', '+494921123456'],
    ['+65 65 8123 4567', 'SG', '?+6581234567'],
  ] as const) {
    test(`twice: ${text} under ${country}: ${expected}`, () => assert.equal(short(text, country), expected));
  }

  for (const [text, country, expected] of [
    ['0 49 171 3920012', 'DE', '?+491713920012 +49491713920012'],
    ['0491713920012', 'DE', '?+491713920012 +49491713920012'],
    ['049 171 3920012', 'DE', '?+491713920012 +49491713920012'],
    ['062812345678', 'ID', '?+62812345678 +6262812345678'],
    ['0 57 3211234567', 'AT', '?+573211234567 +43573211234567'],
    ['0491 713920012', 'DE', '+49491713920012'],
    ['049171392', 'DE', '+4949171392'],
    ['0 1 2345678', 'AT', '+4312345678'],
    ['020 3456 7890', 'GB', '+442034567890'],
  ] as const) {
    test(`behind one zero: ${text} under ${country}: ${expected}`, () => assert.equal(short(text, country), expected));
  }

  for (const [text, country, expected] of [
    ['0 0151 23456789', 'DE', '?+4915123456789 +15123456789'],
    ['0 0412 345 678', 'AU', '+61412345678'],
    ['00 1 512 345 6789', 'DE', '+15123456789'],
    ['0015123456789', 'DE', '+15123456789'],
  ] as const) {
    test(`a trunk zero typed twice: ${text} under ${country}: ${expected}`, () =>
      assert.equal(short(text, country), expected));
  }
});

describe('zeros that are part of a number and zeros that are not', () => {
  for (const [text, country, expected] of [
    ['+39 0347 123 4567', 'IT', '?+393471234567 +3903471234567'],
    ['+39 (0)347 123 4567', 'DE', '?+393471234567 +3903471234567'],
    ['0347 123 4567', 'IT', '?+393471234567 +3903471234567'],
    ['0039 0347 1234567', 'FR', '?+393471234567 +3903471234567'],
    ['347 123 4567', 'IT', '+393471234567'],
    ['06 6982 1234', 'IT', '+390669821234'],
    ['0332 123456', 'IT', '+390332123456'],
    ['+39 030 1234567', 'IT', '+390301234567'],
  ] as const) {
    test(`Italian mobile numbers have none: ${text} under ${country}: ${expected}`, () =>
      assert.equal(short(text, country), expected));
  }

  test('the number that is shown is the one that the proxy would call', () => {
    const wrong: string[] = [];
    for (const [country, number] of mobiles) {
      const national = number.nationalNumber;
      for (const text of [
        `0 0${national}`,
        `0${national}`,
        `8 ${national}`,
        `80${national}`,
        `1 ${national}`,
        `1 1 ${national}`,
      ]) {
        const parsed = parse(text, country);
        const called = parsed.ok ? parsePhoneNumberFromString(parsed.e164, { extract: false })?.number : undefined;
        if (parsed.ok && called !== parsed.e164) wrong.push(`${country} ${text}: ${parsed.e164}, ${String(called)}`);
      }
    }
    assert.deepEqual(wrong, []);
    assert.equal(short('0 0712 123456', 'KE'), '+254712123456');
  });

  for (const [text, country, expected] of [
    ['01 55 1234 5678', 'MX', '+525512345678'],
    ['044 55 1234 5678', 'MX', '+525512345678'],
    ['045 222 123 4567', 'MX', '+522221234567'],
    ['0445512345678', 'MX', '+525512345678'],
    ['+52 01 55 1234 5678', 'US', '+525512345678'],
    ['+52 (044) 55 1234 5678', 'MX', '+525512345678'],
    ['00 52 045 222 123 4567', 'ES', '+522221234567'],
    ['044 55 1234 567', 'MX', '!too-long'],
  ] as const) {
    test(`Mexico’s old prefixes: ${text} under ${country}: ${expected}`, () =>
      assert.equal(short(text, country), expected));
  }
});

describe('chat links contain an international number', () => {
  for (const text of [
    'https://wa.me/442079460958',
    'wa.me/+442079460958',
    'https://wa.me/442079460958?text=Hello%2012345678',
    'https://api.whatsapp.com/send?phone=442079460958&text=hi',
    'https://api.whatsapp.com/send/?text=hi&phone=%2B442079460958',
    'whatsapp://send?phone=442079460958',
    'viber://chat?number=%2B442079460958',
    'https://signal.me/#p/+442079460958',
    'https://t.me/+442079460958',
    'sms:+442079460958?body=call%20me',
    'callto:+442079460958',
  ]) {
    for (const country of ['DE', 'GB', 'US', undefined]) {
      test(`${text} under ${String(country)}`, () => assert.equal(short(text, country), '+442079460958'));
    }
  }
  test('also in the middle of text', () => {
    const found = extractPhone('Write to https://wa.me/491713920012 or so', {
      metadata: everywhere,
      countries,
      country: 'DE',
    });
    assert.equal(found, '+491713920012');
  });
});

describe('international prefixes', () => {
  /** The start of a plan's prefix pattern: the first text that it accepts. */
  const prefixesOf = (country: CountryCode): readonly string[] => {
    const pattern: unknown = metadata.countries[country]?.[1];
    const known = ['00', '011', '0011', '010', '810', '001', '119', '000', '009', '990', '0014', '00700'];
    return typeof pattern === 'string' ? known.filter((prefix) => new RegExp(`^(?:${pattern})$`).test(prefix)) : [];
  };

  test('the selected country’s own, before a mobile number of every country', () => {
    const wrong: string[] = [];
    let seen = 0;
    for (const chosen of countries) {
      for (const prefix of prefixesOf(chosen)) {
        for (const number of destinations(chosen)) {
          seen += 1;
          const text = `${prefix} ${number.number.slice(1)}`;
          const parsed = parse(text, chosen);
          // Digits that are also 00 and a calling code (South Korea's 001) may need confirmation.
          const needsChoice = !parsed.ok && parsed.choices?.[0]?.e164 === number.number && /^00[17]$/.test(prefix);
          if (!needsChoice && (!parsed.ok || parsed.e164 !== number.number || !parsed.international))
            wrong.push(`${chosen} ${text} ${short(text, chosen)}`);
        }
      }
    }
    assert.ok(seen > 10_000, String(seen));
    assert.deepEqual(wrong, []);
  });

  test('without a space after it: that number, or the visitor has to choose', () => {
    const wrong: string[] = [];
    for (const chosen of countries) {
      const home = `+${String(metadata.countries[chosen]?.[0])}`;
      for (const prefix of prefixesOf(chosen)) {
        for (const number of destinations(chosen)) {
          const found = short(`${prefix}${number.number.slice(1)}`, chosen);
          const isRight = found.startsWith('?') || found === number.number || found.startsWith(home);
          if (!isRight) wrong.push(`${chosen} ${prefix} ${number.number} ${found}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
  });

  test('00 with every country selected, whatever that country dials', () => {
    const wrong: string[] = [];
    for (const chosen of countries) {
      for (const number of destinations(chosen)) {
        const text = `00 ${number.number.slice(1)}`;
        const parsed = parse(text, chosen);
        if (!parsed.ok || parsed.e164 !== number.number || !parsed.international)
          wrong.push(`${chosen} ${text} ${short(text, chosen)}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  const rows: readonly (readonly [text: string, country: string, expected: string])[] = [
    ['011 44 20 7946 0958', 'US', '+442079460958'],
    ['0011 44 20 7946 0958', 'AU', '+442079460958'],
    ['8 10 44 20 7946 0958', 'RU', '+442079460958'],
    ['010 44 20 7946 0958', 'JP', '+442079460958'],
    ['0044 20 7946 0958', 'JP', '+442079460958'],
    ['00573211234567', 'DE', '+573211234567'],
    ['00573211234567', 'CO', '+573211234567'],
    ['0057 351 1234567', 'CO', '+573511234567'],
    ['005 1 202 555 0123', 'CO', '+12025550123'],
    ['00 81 90 1234 5678', 'JP', '+819012345678'],
    ['001 44 20 7946 0958', 'KR', '+442079460958'],
    ['00 15 44 20 7946 0958', 'BR', '+442079460958'],
    ['(00) 44 20 7946 0958', 'RU', '+442079460958'],
    ['(0044) 20 7946 0958', 'JP', '+442079460958'],
    ['(00971) 50 123 4567', 'KR', '+971501234567'],
    ['[00] 44 20 7946 0958', 'KR', '+442079460958'],
    ['00-1 246 250 1234', 'KR', '+12462501234'],
    ['00.1.473.403.1234', 'HK', '+14734031234'],
    // Two parses that are both numbers: South Korea's 001 to Hungary, or 00 to Canada.
    ['001 365 382 4778', 'KR', '?+3653824778 +13653824778'],
    ['001 202 555 0123', 'KR', '+12025550123'],
    // What is dialed at home, typed with a country selected that dials differently.
    ['011 44 20 7946 0958', 'DE', '?+442079460958 +4911442079460958'],
    ['011 44 20 7946 0958', 'FR', '?+442079460958'],
    ['0011 44 20 7946 0958', 'FR', '?+442079460958'],
    ['0011 44 20 7946 0958', 'DE', '?+442079460958'],
    ['8 10 49 163 6516341', 'DE', '?+491636516341 +49810491636516341'],
    ['011-826-2172', 'JP', '+81118262172'],
    ['(011) 4123-4567', 'AR', '+541141234567'],
    ['0116 906 730', 'KE', '+254116906730'],
    ['010 44 20 7946 0958', 'FR', '?+442079460958'],
    ['010-1234-5678', 'KR', '+821012345678'],
    // Samoa dials 0 abroad, Seychelles 01.
    ['0 44 20 7946 0958', 'WS', '+442079460958'],
    ['011 220 301 2345', 'WS', '?+2203012345 +12203012345'],
    ['011 248 251 0123', 'SC', '?+2482510123 +12482510123'],
    ['00 992 0917 123456', 'SG', '!'],
  ];
  for (const [text, country, expected] of rows) {
    test(`${text} under ${country}: ${expected}`, () => {
      const found = short(text, country);
      assert.equal(expected === '!' ? found.slice(0, 1) : found, expected);
    });
  }
});

describe('more than one number, or one written twice', () => {
  for (const [text, country, expected] of [
    ['(201) 555-0123 (201) 555-0145', 'US', '!several-numbers'],
    ['+44 20 7946 0958 / +44 20 7946 0123', 'GB', '!several-numbers'],
    ['020 7946 0958, 020 7946 0123', 'GB', '!several-numbers'],
    ['020 7946 0958 020 7946 0123', 'GB', '!several-numbers'],
    ['+1 (201) 555-0123 +1 (201) 555-0145', 'US', '!several-numbers'],
    ['0171 3920012 oder 0171 3920013', 'DE', '!several-numbers'],
    ['+44 +44 20 7946 0958', 'GB', '+442079460958'],
    ['+44 0044 20 7946 0958', 'GB', '+442079460958'],
    ['+60 06 123 4567', 'MY', '!'],
  ] as const) {
    test(`${text}: ${expected}`, () => {
      const found = short(text, country);
      if (expected === '!') assert.notEqual(found, '+61234567');
      else assert.equal(found, expected);
      if (expected.startsWith('!'))
        assert.equal(extractPhone(text, { metadata: everywhere, countries, country }), undefined);
    });
  }
});

describe('digits after a number that are not part of it', () => {
  for (const [text, country, expected] of [
    ['0830-7807-127 (12)', 'ID', '!extension-not-supported'],
    ['+62 830 7807 127 [12]', 'DE', '!extension-not-supported'],
    ['030 12345678/9', 'DE', '!extension-not-supported'],
    ['+62 830 7807 127 / 12', 'ID', '!extension-not-supported'],
    // Part of the number: a direct line after a hyphen, groups separated by slashes.
    ['030 123456-12', 'DE', '+493012345612'],
    ['01/23/45/67/89', 'FR', '+33123456789'],
    ['02236/12345', 'AT', '+43223612345'],
    // A column of numbers that went through a spreadsheet.
    ['442079460958.0', 'GB', '+442079460958'],
    ['491713920012.0', 'GB', '?+491713920012'],
    ['+442079460958.0', 'DE', '+442079460958'],
  ] as const) {
    test(`${text} under ${country}: ${expected}`, () => assert.equal(short(text, country), expected));
  }

  const found = (text: string, country: string): string | undefined =>
    extractPhone(text, { metadata: everywhere, countries, country });
  const ofUnitedStates = '(202) 555-0123';

  test('an extension in any language, or after any sign: nothing is extracted from loose text', () => {
    const words =
      'Durchwahl|DW|Nebenstelle|App.|poste|p.|anexo|ramal|interno|доб.|вн.|внутренний|tilkn|alanummer|ankn.|wewn.|w.|dahili|内線|内线|分机|分機|내선|máy lẻ|داخلي|تحويلة|داخلی|שלוחה|toestel|tst.|klapka|kl.|mellék|εσωτ.|extensión|lok.|option|press|vidinis|iekšējais';
    const signs = [',', ',,', ';', '*', ' *', '#', '~', '|', ':', ' : ', '_', ' → ', ' & ', ' +', ' (', ' (ext '];
    const wrong = [
      ...words.split('|').flatMap((word) => [` ${word} 12`, `, ${word} 12`].slice(0, word === 'Durchwahl' ? 2 : 1)),
      ...signs.map((sign) => `${sign}12`),
    ].filter((end) => found(`Call ${ofUnitedStates}${end}`, 'US') !== undefined);
    assert.deepEqual(wrong, []);
  });

  test('opening hours, an order number and an address are not extensions', () => {
    for (const end of [' (9-17 h)', ' (Mon-Fri 9:00-17:00)', ', order 12', ' before 5 pm', ', 12 High Street'])
      assert.equal(found(`Call ${ofUnitedStates}${end}`, 'US'), ofUnitedStates, end);
  });

  for (const [text, country] of [
    ['+374_43_560704', 'DE'],
    ['+374,43,560704', 'KR'],
    ['+43~5576~502112299', 'AT'],
    ['971+ 56 348 7710', 'DE'],
    ['+229 [0] 01 59 68 36 41', 'FI'],
    ['+12025550123++13308226204', 'US'],
    ['2025550123+3308226204', 'US'],
    ['(202) 555-0123 or 0172 73420801', 'US'],
    ['(202) 555-0123, +49 172 73420801999', 'US'],
  ] as const) {
    test(`no part of a number and neither of two is extracted: ${text}`, () =>
      assert.equal(found(text, country), undefined));
  }
});

describe('stray signs', () => {
  for (const [text, country, expected] of [
    ['966512345678+', 'SA', '+966512345678'],
    ['+44 20 7946 0958,', 'GB', '+442079460958'],
    ['+44 20 7946 0958;', 'GB', '+442079460958'],
    ['020 7946 0958.', 'GB', '+442079460958'],
    ['“+44 20 7946 0958”', 'GB', '+442079460958'],
    ['<+44 20 7946 0958>', 'GB', '+442079460958'],
    ['+52 1 222 123 4567', 'MX', '+522221234567'],
    ['+5212221234567', 'US', '+522221234567'],
    ['00 52 1 222 123 4567', 'DE', '+522221234567'],
    ['5212221234567', 'MX', '+522221234567'],
  ] as const) {
    test(`${text} under ${country}: ${expected}`, () => assert.equal(short(text, country), expected));
  }
});

describe('lengths, as the visitor counts them', () => {
  for (const [text, country, reason, lengths] of [
    ['01 99 00 00 012', 'FR', 'too-long', [10]],
    ['01 99 00 00 0', 'FR', 'too-short', [10]],
    ['1 99 00 00 0', 'FR', 'too-short', [9]],
    ['+33 1 99 00 00 012', 'FR', 'too-long', [11]],
    ['8 (912) 345-67-890', 'RU', 'too-long', [10]],
    ['8 (912) 345-6', 'RU', 'too-short', [10]],
    ['020 7946 095', 'GB', 'too-short', [10, 11]],
    ['020 7946 09581', 'GB', 'too-long', [10, 11]],
    ['202 555 012', 'US', 'too-short', [10]],
    ['1 202 555 012', 'US', 'too-short', [11]],
    ['416 555 01234', 'CA', 'too-long', [10]],
  ] as const) {
    test(`${text} under ${country}: ${reason} ${lengths.join()}`, () => {
      const parsed = parse(text, country);
      assert.ok(!parsed.ok, JSON.stringify(parsed));
      assert.deepEqual([parsed.reason, parsed.lengths], [reason, lengths]);
    });
  }

  test('no length that only toll-free and premium-rate numbers have is given for a country', () => {
    assert.deepEqual(
      ['CA', 'US', 'FR', 'RU', 'CH', 'SG'].map((country) => {
        const parsed = parse('234', country);
        return parsed.ok ? [] : parsed.lengths;
      }),
      [[10], [10], [9], [10], [9], [8]],
    );
  });

  test('no message gives the length that was typed as the right one', () => {
    const wrong: string[] = [];
    for (const number of mobiles.values()) {
      const national = number.formatNational();
      for (const text of [national.slice(0, -1), `${national}1`, `${number.number}1`, number.number.slice(0, -1)]) {
        const parsed = parse(text, number.country);
        const typed = text.replace(/\D/g, '').length;
        if (
          !parsed.ok &&
          ['too-short', 'too-long'].includes(parsed.reason) &&
          parsed.lengths?.length === 1 &&
          parsed.lengths[0] === typed
        )
          wrong.push(`${text} ${number.country} ${JSON.stringify(parsed)}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
});

test('an unknown number with its calling code has the lengths of that code’s country, not of the selected one', () => {
  for (const [text, country, lengths] of [
    ['+1 442 079 460 95', 'DE', [11]],
    ['+33 0 99 00 00 01 23', 'DE', [12]],
    ['+65 0123 45678', 'DE', [10]],
  ] as const) {
    const parsed = parse(text, country);
    assert.ok(!parsed.ok && parsed.reason === 'too-long', `${text} ${JSON.stringify(parsed)}`);
    assert.deepEqual(parsed.lengths, lengths, text);
    assert.notEqual(parsed.country, country);
  }
});

describe('a country that is not served', () => {
  const german = { metadata: sliceMetadata(['DE', 'FR']), countries: ['DE', 'FR'], country: 'DE' };
  for (const [text, country] of [
    ['+34 910 23 45 67', 'ES'],
    ['0034 910 23 45 67', 'ES'],
    ['+383 44 123 456', 'XK'],
    ['+81 90 1234 5678', 'JP'],
    // Several countries share these codes: none is named.
    ['+1 202 555 0123', undefined],
    ['+44 20 7946 0958', undefined],
    ['+800 1234 5678', undefined],
  ] as const) {
    test(`${text}: ${String(country)}`, () => {
      const parsed = parsePhone(text, german);
      assert.ok(!parsed.ok && parsed.reason === 'country-not-allowed', JSON.stringify(parsed));
      assert.equal(parsed.country, country);
    });
  }

  test('a site for one country accepts that country’s numbers, even where it shares them with a larger one', () => {
    const wrong: string[] = [];
    for (const [country, number] of mobiles) {
      const rules = { metadata: sliceMetadata([country]), countries: [country], country };
      for (const text of [number.number, number.formatNational(), number.nationalNumber]) {
        const parsed = parsePhone(text, rules);
        if (!parsed.ok || parsed.e164 !== number.number || parsed.country !== country)
          wrong.push(`${country} ${text} ${JSON.stringify(parsed)}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
});
