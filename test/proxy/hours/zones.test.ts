// Which zones a number is checked in. Mutations that turn it red: match the shortest prefix; leave the country out of
// ownZones; check a mobile only in the browser's zone even when that is abroad; drop the override for 212.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import examples from 'libphonenumber-js/examples.mobile.json';
import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import { zonesOfNumber, zonesOfPrefix, displayZone } from '../../../src/proxy/hours/zones-of-number.js';

const nyFixed = { e164: '+12125550123', country: 'US', type: 'FIXED_LINE_OR_MOBILE' };
const ruMobile = { e164: '+79161234567', country: 'RU', type: 'MOBILE' };
const auMobile = { e164: '+61491570156', country: 'AU', type: 'MOBILE' };

test('the longest prefix wins', () => {
  assert.deepEqual(zonesOfPrefix('+12085550123'), ['America/Boise', 'America/Los_Angeles']);
  assert.deepEqual(zonesOfPrefix('+12125550123'), ['America/New_York']);
  assert.deepEqual(zonesOfPrefix('+34822123456'), ['Atlantic/Canary']);
  assert.deepEqual(zonesOfPrefix('+34612345678'), ['Europe/Madrid']);
  assert.ok(zonesOfPrefix('+18005550199').length > 40);
  assert.deepEqual(zonesOfPrefix('+999'), []);
});

test('Morocco uses the time of Casablanca, not of the Canary Islands', () => {
  assert.deepEqual(zonesOfPrefix('+212612345678'), ['Africa/Casablanca']);
  assert.deepEqual(zonesOfNumber({ e164: '+212612345678', country: 'MA', type: 'MOBILE' }), ['Africa/Casablanca']);
});

test('the country overrides a table entry that points to a neighboring country', () => {
  assert.deepEqual(zonesOfNumber({ e164: '+37251234567', country: 'EE', type: 'FIXED_LINE' }), ['Europe/Tallinn']);
  assert.deepEqual(zonesOfNumber({ e164: '+213551234567', country: 'DZ', type: 'MOBILE' }), ['Africa/Algiers']);
  assert.deepEqual(zonesOfNumber({ e164: '+447797712345', country: 'JE', type: 'MOBILE' }), ['Europe/Jersey']);
  assert.deepEqual(zonesOfNumber({ e164: '+380501234567', country: 'UA', type: 'FIXED_LINE' }), ['Europe/Kiev']);
});

test('a fixed line is checked in every zone of its prefix, and in the browser’s if within the country', () => {
  const idaho = { e164: '+12085550123', country: 'US', type: 'FIXED_LINE' };
  assert.deepEqual(zonesOfNumber(idaho), ['America/Boise', 'America/Los_Angeles']);
  assert.deepEqual(zonesOfNumber({ ...idaho, browserZone: 'America/Chicago' }), [
    'America/Boise',
    'America/Los_Angeles',
    'America/Chicago',
  ]);
  // Someone on vacation requests a call to their home number: the phone rings at home.
  assert.deepEqual(zonesOfNumber({ ...idaho, browserZone: 'Europe/Rome' }), ['America/Boise', 'America/Los_Angeles']);
});

test('a mobile is taken to be where the browser is, within its country', () => {
  assert.deepEqual(zonesOfNumber({ ...auMobile, browserZone: 'Australia/Perth' }), ['Australia/Perth']);
  assert.deepEqual(zonesOfNumber({ ...ruMobile, browserZone: 'Asia/Vladivostok' }), ['Asia/Vladivostok']);
});

test('in the United States and Canada the number’s own zone counts as well', () => {
  assert.deepEqual(zonesOfNumber({ ...nyFixed, type: 'MOBILE', browserZone: 'America/Los_Angeles' }), [
    'America/New_York',
    'America/Los_Angeles',
  ]);
  assert.deepEqual(
    zonesOfNumber({
      e164: '+16045550123',
      country: 'CA',
      type: 'FIXED_LINE_OR_MOBILE',
      browserZone: 'America/Toronto',
    }),
    ['America/Vancouver', 'America/Toronto'],
  );
});

test('a mobile whose browser is abroad is checked in both zones', () => {
  assert.deepEqual(zonesOfNumber({ ...ruMobile, browserZone: 'Europe/Berlin' }), ['Europe/Moscow', 'Europe/Berlin']);
});

test('a mobile without a browser zone, in a country with several offsets, is checked in all its main zones', () => {
  for (const browserZone of [undefined, 'UTC', 'Etc/GMT+5', 'Nowhere/Land', '+10:00']) {
    const zones = zonesOfNumber({ ...auMobile, browserZone });
    for (const zone of ['Australia/Sydney', 'Australia/Perth', 'Australia/Adelaide']) assert.ok(zones.includes(zone));
    assert.ok(!zones.includes('Australia/Lord_Howe'));
  }
  assert.ok(zonesOfNumber(ruMobile).includes('Asia/Kamchatka'));
  assert.ok(zonesOfNumber({ ...nyFixed, type: 'MOBILE' }).includes('Pacific/Honolulu'));
});

test('a browser zone never removes one of the number’s own zones from the check', () => {
  // The browser's zone may only add zones to a fixed line's check, and to a mobile's when it is abroad.
  const fixed = { e164: '+61891234567', country: 'AU', type: 'FIXED_LINE' };
  for (const browserZone of ['Australia/Sydney', 'Pacific/Auckland', 'America/New_York', 'UTC']) {
    for (const callee of [fixed, { ...nyFixed, type: 'FIXED_LINE' }, { ...nyFixed, type: 'TOLL_FREE' }]) {
      const alone = zonesOfNumber(callee);
      const zones = zonesOfNumber({ ...callee, browserZone });
      assert.deepEqual(
        alone.filter((zone) => !zones.includes(zone)),
        [],
        `${callee.type} ${browserZone}`,
      );
    }
  }
});

test('an area code that spans a zone boundary is checked on both sides, even where the data lists only some exchanges', () => {
  for (const [e164, country, zone] of [
    ['+61730000000', 'AU', 'Australia/Brisbane'],
    ['+61754321234', 'AU', 'Australia/Brisbane'],
    ['+559734121234', 'BR', 'America/Eirunepe'],
    ['+559734121234', 'BR', 'America/Manaus'],
    ['+56322100123', 'CL', 'Pacific/Easter'],
    ['+903922281234', 'TR', 'Asia/Famagusta'],
    ['+905338612345', 'TR', 'Asia/Famagusta'],
  ] as const) {
    const zones = zonesOfNumber({ e164, country, type: e164.startsWith('+905') ? 'MOBILE' : 'FIXED_LINE' });
    assert.ok(zones.includes(zone), `${e164} ${zones.join(' ')}`);
  }
  const belem = zonesOfNumber({ e164: '+559131990000', country: 'BR', type: 'FIXED_LINE' });
  assert.ok(!belem.includes('America/Manaus'), belem.join(' '));
});

test('a Turkish number outside Cyprus is not checked against the time in Cyprus', () => {
  for (const e164 of ['+902122281234', '+905321234567'])
    assert.deepEqual(zonesOfNumber({ e164, country: 'TR', type: 'MOBILE' }), ['Europe/Istanbul']);
});

test('a toll-free number may ring anywhere in its country', () => {
  const zones = zonesOfNumber({
    e164: '+18005550199',
    country: 'US',
    type: 'TOLL_FREE',
    browserZone: 'America/Denver',
  });
  for (const zone of ['America/New_York', 'America/Los_Angeles', 'Pacific/Honolulu']) assert.ok(zones.includes(zone));
  assert.ok(!zones.includes('America/Toronto'));
});

test('a number without a country has the table’s zones, or none', () => {
  assert.deepEqual(zonesOfNumber({ e164: '+80012345678', type: 'TOLL_FREE', browserZone: 'Europe/Paris' }), []);
  assert.deepEqual(zonesOfNumber({ e164: '+8816123456789' }), []);
  assert.ok(zonesOfNumber({ e164: '+18005550199' }).includes('America/Toronto'));
});

test('every country that has numbers has zones for them', () => {
  const without = getCountries().filter((country) => {
    const number = getExampleNumber(country, examples);
    return number !== undefined && zonesOfNumber({ e164: number.number, country, type: 'MOBILE' }).length === 0;
  });
  assert.deepEqual(without, []);
});

test('times are shown in the visitor’s zone if it is in the number’s country, otherwise in the number’s zone', () => {
  const displayed = (callee: Parameters<typeof zonesOfNumber>[0]) => displayZone(callee, zonesOfNumber(callee));
  assert.equal(displayed({ ...auMobile, browserZone: 'Australia/Perth' }), 'Australia/Perth');
  assert.equal(displayed({ ...auMobile, browserZone: 'Europe/London' }), 'Australia/Sydney');
  assert.equal(displayed(auMobile), 'Australia/Sydney');
  assert.equal(displayed({ e164: '+80012345678' }), 'UTC');
});
