// Which numbers may be called, and the reason for each that may not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countriesOfZone } from '../../../src/proxy/gates/country-of-zone.js';
import { createNumberGate } from '../../../src/proxy/gates/number.js';

const gate = createNumberGate({ countries: ['GB', 'US', 'DE', 'FR', 'IT', 'AU', 'AT'], allowUnrecognised: false });
const reasonOf = (phone: string): unknown => {
  const verdict = gate({ phone, international: true });
  return verdict.allowed ? 'allowed' : verdict.problem.reason;
};

const rows: readonly (readonly [phone: string, outcome: string, why: string])[] = [
  ['+442079460958', 'allowed', 'a landline'],
  ['+447400123456', 'allowed', 'a mobile'],
  ['+12125550123', 'allowed', 'fixed or mobile'],
  ['+493023125000', 'allowed', 'Germany'],
  ['+390236618300', 'allowed', 'the zero of Italian landlines is part of the number'],
  ['+4402079460958', 'allowed', 'a trunk zero after the calling code is not part of the number'],
  ['', 'required', 'nothing'],
  ['abc', 'not-a-number', 'words'],
  ['+', 'not-a-number', 'only a plus'],
  ['++442079460958', 'not-a-number', 'two pluses'],
  ['+44 20 7946 0958', 'not-a-number', 'the API takes E.164 only: nothing is cleaned up'],
  ['+1 800 FLOWERS', 'not-a-number', 'vanity numbers are not truncated to their digits'],
  ['tel:+442079460958', 'not-a-number', 'a URI'],
  ['+442079460958\n', 'not-a-number', 'a line break'],
  ['+٤٤٢٠٧٩٤٦٠٩٥٨', 'not-a-number', 'digits of other scripts are converted by the page'],
  ['020 7946 0958', 'country-required', 'a national number'],
  ['02079460958', 'country-required', 'a national number'],
  ['+442079460958 ext 12', 'extension-not-supported', 'an extension is refused, never dropped'],
  ['+442079460958;ext=12', 'extension-not-supported', 'an extension'],
  ['020 7946 0958 ext 12', 'extension-not-supported', 'an extension of a national number'],
  ['+999123456789', 'invalid-country-code', 'no such calling code'],
  ['+44207946', 'too-short', 'too short'],
  ['+44207946095812', 'too-long', 'too long'],
  ['+1212555', 'too-short', 'too short'],
  ['+442', 'too-short', 'much too short'],
  ['+112', 'too-short', 'an emergency code'],
  ['+44999', 'too-short', 'an emergency code with a calling code'],
  ['+1911', 'too-short', 'an emergency code with a calling code'],
  ['+44116000', 'too-short', 'a short code'],
  ['+10005550100', 'not-in-use', 'no such area code'],
  ['+441234', 'too-short', 'short'],
  ['+449098790000', 'premium-rate', 'UK premium rate'],
  ['+19005550123', 'premium-rate', 'US premium rate'],
  ['+33892123456', 'premium-rate', 'French premium rate'],
  ['+448001111', 'unsupported-type', 'UK toll-free'],
  ['+18005550123', 'unsupported-type', 'US toll-free'],
  ['+611300123456', 'unsupported-type', 'Australian shared cost'],
  ['+447012345678', 'unsupported-type', 'UK personal number'],
  ['+447640123456', 'unsupported-type', 'UK pager'],
  ['+15005550006', 'unsupported-type', 'US personal number'],
  ['+445512345678', 'unsupported-type', 'UK company-wide number'],
  ['+80012345678', 'unsupported-type', 'toll-free without a country'],
  ['+80812345678', 'unsupported-type', 'shared cost without a country'],
  ['+870773111632', 'unsupported-type', 'Inmarsat'],
  ['+87812345678901', 'unsupported-type', 'personal number without a country'],
  ['+881612345678', 'unsupported-type', 'satellite'],
  ['+8821612345678', 'unsupported-type', 'network of no country'],
  ['+883510012345', 'unsupported-type', 'network of no country'],
  ['+979123456789', 'unsupported-type', 'premium rate without a country'],
  ['+18765550123', 'country-not-allowed', 'Jamaica is +1 too'],
  ['+18095550123', 'country-not-allowed', 'so is the Dominican Republic'],
  ['+14165550123', 'country-not-allowed', 'so is Canada'],
  ['+447911123456', 'country-not-allowed', 'Guernsey is +44 too'],
  ['+390669812345', 'country-not-allowed', 'the Vatican is +39 too'],
  ['+79161234567', 'country-not-allowed', 'Russia'],
];

for (const [phone, outcome, why] of rows) {
  test(`${JSON.stringify(phone)} (${why}): ${outcome}`, () => assert.equal(reasonOf(phone), outcome));
}

test('the number is called in E.164, with its country and type', () => {
  const verdict = gate({ phone: '+4402079460958', international: true });
  assert.deepEqual(verdict, { allowed: true, value: { e164: '+442079460958', country: 'GB', type: 'FIXED_LINE' } });
});

test('a wrong length reports the possible lengths', () => {
  const verdict = gate({ phone: '+331234', international: true });
  assert.ok(!verdict.allowed);
  assert.deepEqual(verdict.problem, { code: 'number-refused', reason: 'too-short', lengths: [9] });
});

test('a range unknown to the metadata passes only when the operator allows it, and only where its country is certain', () => {
  // 0639 98 is reserved for fiction in France: no carrier uses it.
  const fiction = '+33639980001';
  assert.equal(reasonOf(fiction), 'not-in-use');
  const lenient = createNumberGate({ countries: ['FR', 'GB'], allowUnrecognised: true });
  assert.ok(lenient({ phone: fiction, international: true }).allowed);
  // +44 is shared with Guernsey, Jersey and the Isle of Man: an unrecognized number may be one of theirs.
  const british = lenient({ phone: '+447700900123', international: true });
  assert.ok(!british.allowed && british.problem.reason === 'not-in-use');
  const islands = createNumberGate({ countries: ['GB', 'GG', 'IM', 'JE'], allowUnrecognised: true });
  assert.ok(islands({ phone: '+447700900123', international: true }).allowed);
  const premium = lenient({ phone: '+449098790000', international: true });
  assert.ok(!premium.allowed && premium.problem.reason === 'premium-rate');
});

test('a guessed country needs confirmation when the visitor seems to be elsewhere', () => {
  const ask = (over: object): unknown => {
    const verdict = gate({ phone: '+4312025550', international: false, ...over });
    return verdict.allowed ? 'allowed' : `${String(verdict.problem.reason)} ${String(verdict.problem.country)}`;
  };
  assert.equal(ask({}), 'allowed', 'nothing is known');
  assert.equal(ask({ timeZone: 'Europe/Vienna', countryHint: 'AT' }), 'allowed');
  assert.equal(ask({ timeZone: 'Etc/UTC' }), 'allowed', 'a zone without a country has no effect');
  assert.equal(ask({ timeZone: 'Mars/Olympus' }), 'allowed', 'an unknown zone has no effect');
  assert.equal(ask({ timeZone: 'America/New_York' }), 'confirm-country AT');
  assert.equal(ask({ countryHint: 'US' }), 'confirm-country AT');
  assert.equal(ask({ timeZone: 'Europe/Vienna', countryHint: 'US' }), 'confirm-country AT');
  assert.equal(ask({ timeZone: 'America/New_York', countryConfirmed: true }), 'allowed');
  assert.equal(
    ask({ timeZone: 'America/New_York', international: true }),
    'allowed',
    'the visitor typed the calling code',
  );
});

test('a zone maps to its country however it is spelled', () => {
  assert.deepEqual(countriesOfZone('Europe/London').includes('GB'), true);
  assert.deepEqual(countriesOfZone('Asia/Calcutta'), countriesOfZone('Asia/Kolkata'));
  assert.ok(countriesOfZone('Asia/Kolkata').includes('IN'));
  assert.deepEqual(countriesOfZone('Etc/UTC'), []);
});
