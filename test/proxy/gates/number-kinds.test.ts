// Kinds of numbers in many countries: expensive ones that no type catches, new area codes, countries that share a calling code,
// digits that can be two numbers. Mutations that turn it red: remove a row of the denied ranges; confirm the country only where
// the zone differs; require all countries of +1 for a new area code.

import assert from 'node:assert/strict';
import { createHmac, hkdfSync } from 'node:crypto';
import { describe, test } from 'node:test';
import examples from 'libphonenumber-js/examples.mobile.json';
import { getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { readTable } from '../../../scripts/hours-tables/source.js';
import { canonicalNumber, withoutMexicanPrefix } from '../../../src/proxy/secrets/canonical-number.js';
import { mainlandAreaCode, newAreaCodes } from '../../../src/proxy/hours/new-area-codes.js';
import { deniedRanges, deniedReason } from '../../../src/proxy/gates/denied-ranges.js';
import { createNumberGate, type NumberQuestion } from '../../../src/proxy/gates/number.js';
import { createKeyring } from '../../../src/proxy/secrets/keyring.js';
import { callRequest, createFixture, problemOf } from '../fixtures/app.js';

const countries = getCountries();
const gateOf = (allowed: readonly string[], allowUnrecognised = false) =>
  createNumberGate({ countries: allowed, allowUnrecognised });
const everywhere = gateOf(countries);
const outcome = (question: Partial<NumberQuestion> & { phone: string }, gate = everywhere): string => {
  const verdict = gate({ international: true, ...question });
  return verdict.allowed ? `allowed ${verdict.value.country}` : String(verdict.problem.reason);
};

describe('numbers that are expensive or that no person answers', () => {
  const denied = [
    ['+61147101234', 'unsupported-type'],
    ['+61145101234', 'unsupported-type'],
    ['+16002345678', 'unsupported-type'],
    ['+16222345678', 'unsupported-type'],
    ['+15002345678', 'unsupported-type'],
    ['+17002345678', 'unsupported-type'],
    ['+17102345678', 'unsupported-type'],
    ['+18222345678', 'unsupported-type'],
    ['+14565550123', 'unsupported-type'],
    ['+79541234567', 'unsupported-type'],
    ['+77602345678', 'unsupported-type'],
    ['+628681234567', 'unsupported-type'],
    ['+8613491234567', 'unsupported-type'],
    ['+8617401234567', 'unsupported-type'],
    ['+6286181234567', 'unsupported-type'],
    ['+61480012345', 'unsupported-type'],
    ['+33638001234', 'unsupported-type'],
    // Hotlines and emergency numbers after an area code.
    ['+861012345', 'unsupported-type'],
    ['+861010086', 'unsupported-type'],
    ['+8675595588', 'unsupported-type'],
    ['+8643595084', 'unsupported-type'],
    ['+4930110', 'unsupported-type'],
    ['+4989112', 'unsupported-type'],
    ['+49201110', 'unsupported-type'],
    ['+4930116117', 'unsupported-type'],
    ['+4920111833', 'unsupported-type'],
    ['+49215119222', 'unsupported-type'],
    ['+8231119', 'unsupported-type'],
    ['+8231114', 'unsupported-type'],
    ['+861016812345', 'unsupported-type'],
    ['+56600123456', 'unsupported-type'],
    ['+431112', 'unsupported-type'],
    ['+43316133', 'unsupported-type'],
    ['+911601234567', 'unsupported-type'],
    ['+79401234567', 'unsupported-type'],
    ['+78401234567', 'unsupported-type'],
    ['+12129765550', 'premium-rate'],
    ['+14169761234', 'premium-rate'],
    ['+12125551212', 'unsupported-type'],
    ['+14165551212', 'unsupported-type'],
    ['+12129501234', 'unsupported-type'],
    ['+12129581234', 'unsupported-type'],
    ['+12124111234', 'unsupported-type'],
  ] as const;
  for (const [phone, reason] of denied) {
    test(`${phone}: ${reason}, even where unrecognized numbers are allowed`, () => {
      assert.equal(outcome({ phone }), reason);
      assert.equal(outcome({ phone }, gateOf(countries, true)), reason);
    });
  }

  test('every range has a number above, and none denies a country’s example mobile or a fictional number', () => {
    const digits = denied.map(([phone]) => phone.slice(1));
    const without = deniedRanges.filter(
      ({ pattern, what }) => what !== 'pay per call' && !digits.some((one) => pattern.test(one)),
    );
    assert.deepEqual(without, []);
    const ordinary = countries.flatMap((country) => getExampleNumber(country, examples)?.number ?? []);
    const wrong = [...ordinary, '+12125550123', '+12025550199', '+14165550100'].filter((phone) =>
      deniedRanges.some(({ pattern }) => pattern.test(phone.slice(1))),
    );
    assert.deepEqual(wrong, []);
  });

  test('an emergency number behind any area code of Germany and Austria, and no subscriber’s number there', () => {
    const wrong: string[] = [];
    for (const [code, emergency, subscriber] of [
      ['49', ['110', '112', '115', '116117', '11833', '118000', '19222'], '220110'],
      ['43', ['112', '122', '133', '144', '11877'], '220144'],
    ] as const) {
      // The table also divides some codes by their first subscriber's digit.
      const areas = Object.keys(readTable(`geocodes/en/${code}.bson`)).filter(
        (area) => !/^(?:621\d+|1\d|46)$/.test(area),
      );
      assert.ok(areas.length > 1_000, code);
      for (const area of areas) {
        for (const short of emergency)
          if (deniedReason(`+${code}${area}${short}`) === undefined) wrong.push(`${area} ${short}`);
        if (deniedReason(`+${code}${area}${subscriber}`) !== undefined) wrong.push(`${area} ${subscriber}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test('every satellite operator that the metadata lists among mobile ones', () => {
    const wrong: string[] = [];
    for (const code of ['7', '33', '61']) {
      for (const [prefix, operator] of Object.entries(readTable(`carrier/en/${code}.bson`))) {
        const phone = `+${code}${prefix}`.padEnd(code === '7' ? 12 : code.length + 10, '2');
        if (/satellite|globalstar|^kulan$/i.test(operator) && deniedReason(phone) === undefined) wrong.push(phone);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test('other numbers with the same exchange and area code ring', () => {
    for (const phone of [
      '+12125550123',
      '+12129775550',
      '+61491570156',
      '+79161234567',
      '+8613812345678',
      '+492214110',
      '+4922141100',
      '+43732772122',
      '+82212345678',
      '+861061234567',
    ])
      assert.match(outcome({ phone }), /^allowed/, phone);
  });
});

describe('area codes newer than the metadata', () => {
  for (const [code, { country }] of Object.entries(newAreaCodes)) {
    test(`+1 ${code} belongs to ${country}, and to no island`, () => {
      const phone = `+1${code}5550123`;
      assert.equal(outcome({ phone }, gateOf(['US', 'CA'])), `allowed ${country}`);
      assert.equal(outcome({ phone }, gateOf([country])), `allowed ${country}`);
      assert.equal(outcome({ phone }, gateOf(['JM'])), 'country-not-allowed');
    });
  }

  test('an unknown one passes where both mainland countries and unrecognized numbers are allowed', () => {
    const phone = '+13875550123';
    assert.equal(parsePhoneNumberFromString(phone)?.isValid(), false, 'another unknown code is needed here');
    assert.equal(outcome({ phone }, gateOf(['US', 'CA'], true)), 'allowed US');
    assert.equal(outcome({ phone }, gateOf(['US', 'CA'])), 'not-in-use');
    assert.equal(outcome({ phone }, gateOf(['US'], true)), 'not-in-use');
  });

  test('no island’s area code is taken for a mainland one', () => {
    const wrong = countries
      .filter((country) => country !== 'US' && country !== 'CA')
      .map((country) => getExampleNumber(country, examples)?.number ?? '')
      .filter((phone) => phone.startsWith('+1') && mainlandAreaCode(phone) !== undefined);
    assert.deepEqual(wrong, []);
    assert.equal(mainlandAreaCode('+12125550123'), '212');
  });
});

describe('digits that can be two numbers', () => {
  const ask = (phone: string, over: Partial<NumberQuestion> = {}, gate = everywhere): string =>
    outcome({ phone, international: false, ...over }, gate);

  test('need confirmation wherever the browser is', () => {
    for (const timeZone of [undefined, 'Europe/Berlin', 'Europe/Vienna', 'Etc/UTC']) {
      const zone = timeZone === undefined ? {} : { timeZone };
      assert.equal(ask('+49491713920012', zone), 'confirm-country');
      assert.equal(ask('+4312025550123', zone), 'confirm-country');
      assert.equal(ask('+6262812345678', zone), 'confirm-country');
    }
  });

  test('need it even on a site that does not serve the other country, but not where numbers have no trunk zero', () => {
    assert.equal(
      ask('+4312025550123', { timeZone: 'Europe/Vienna', countryHint: 'AT' }, gateOf(['AT'])),
      'confirm-country',
    );
    assert.equal(ask('+14695550123', { timeZone: 'America/Chicago' }, gateOf(['US'])), 'allowed US');
  });

  test('do not where the visitor typed the calling code, picked one, or typed digits that can be only one number', () => {
    assert.equal(ask('+49491713920012', { international: true }), 'allowed DE');
    assert.equal(ask('+49491713920012', { countryConfirmed: true }), 'allowed DE');
    assert.equal(ask('+49491713920012', { unambiguous: true }), 'allowed DE');
    assert.equal(ask('+49491713920012', { unambiguous: true, timeZone: 'America/New_York' }), 'confirm-country');
  });
});

describe('countries that share a calling code', () => {
  test('a site for one of them accepts the numbers that it shares', () => {
    const wrong = countries.filter((country) => {
      const phone = getExampleNumber(country, examples)?.number;
      return (
        phone !== undefined &&
        everywhere({ phone, international: true }).allowed &&
        outcome({ phone }, gateOf([country])) !== `allowed ${country}`
      );
    });
    assert.deepEqual(wrong, []);
  });

  for (const [phone, question] of [
    ['+447797712345', { timeZone: 'Europe/London', countryHint: 'GB' }],
    ['+447400123456', { timeZone: 'Europe/Jersey', countryHint: 'JE' }],
    ['+447781123456', { timeZone: 'Europe/Guernsey', countryHint: 'GB' }],
    ['+441624756789', { timeZone: 'Europe/Isle_of_Man', countryHint: 'GB' }],
    ['+38344123456', { timeZone: 'Europe/Belgrade', countryHint: 'XK' }],
    ['+14165550123', { timeZone: 'America/New_York', countryHint: 'US' }],
  ] as const) {
    test(`${phone} with a browser in ${question.timeZone} needs no confirmation`, () => {
      assert.match(outcome({ phone, international: false, unambiguous: true, ...question }), /^allowed/);
    });
  }
});

describe('two ways to write one person’s number', () => {
  test('Mexico’s old prefixes are not dialed', () => {
    const verdict = everywhere({ phone: '+5212221234567', international: true });
    assert.ok(verdict.allowed);
    assert.equal(verdict.value.e164, '+522221234567');
    for (const old of ['+5212221234567', '+52012221234567', '+520442221234567', '+520452221234567'])
      assert.equal(withoutMexicanPrefix(old), '+522221234567', old);
    assert.equal(withoutMexicanPrefix('+5255123456'), '+5255123456');
  });

  test('Argentina’s 9 is dialed but ignored when counting', () => {
    const verdict = everywhere({ phone: '+5491123456789', international: true });
    assert.ok(verdict.allowed);
    assert.equal(verdict.value.e164, '+5491123456789');
  });

  test('both have one key, under every secret', () => {
    const keyring = createKeyring([
      { name: 'v2', secret: Buffer.alloc(32, 2) },
      { name: 'v1', secret: Buffer.alloc(32, 1) },
    ]);
    for (const [one, other] of [
      ['+5212221234567', '+522221234567'],
      ['+5491123456789', '+541123456789'],
    ] as const) {
      assert.deepEqual(keyring.numberKeys(one), keyring.numberKeys(other));
      assert.equal(canonicalNumber(one), canonicalNumber(other));
    }
    assert.notDeepEqual(keyring.numberKeys('+522221234567'), keyring.numberKeys('+522221234568'));
  });

  test('an opt-out that an earlier build stored under the other form is found', async (t) => {
    const secret = Buffer.alloc(32, 1);
    const fixture = createFixture({
      keys: createKeyring([{ name: 'v1', secret }]),
      env: { ALLOWED_COUNTRIES: 'AR,MX' },
      start: Date.UTC(2026, 2, 2, 18),
    });
    t.after(() => fixture.store.close());
    const [version] = fixture.keyring.versions;
    for (const [stored, requested] of [
      ['+5215512345678', '+525512345678'],
      ['+5491123456789', '+541123456789'],
      ['+5491123456780', '+5491123456780'],
    ] as const) {
      // As that build derived it: HKDF and HMAC of the number as it was written.
      const key = Buffer.from(hkdfSync('sha256', secret, '', 'polyai-callback/numbers/v1', 32));
      await fixture.store.suppress(
        [`${version ?? ''}:${createHmac('sha256', key).update(stored).digest('base64url')}`],
        'operator',
      );
      const numberKeys = fixture.keyring.numberKeys(requested);
      assert.equal((await fixture.store.exportNumber(numberKeys)).suppressed, true, stored);
      const response = await fixture.post(callRequest({ phone: requested }));
      assert.equal((await problemOf(response)).code, 'try-later', requested);
      await fixture.store.unsuppress(numberKeys);
      assert.equal((await fixture.store.exportNumber(numberKeys)).suppressed, false, 'and can be removed');
    }
  });

  test('no other number has a second form', () => {
    for (const country of countries) {
      const phone = getExampleNumber(country, examples)?.number;
      if (phone !== undefined && country !== 'AR') assert.equal(canonicalNumber(phone), phone);
    }
  });
});
