// Campaign and click IDs: what is kept of them, and that click IDs are stored encrypted. Mutations that turn it red: keep any
// parameter; mask no number; truncate a click ID; store the click IDs as they are.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { campaignParameters } from '../../../src/contract.js';
import { cleanAttribution, openAttribution, sealAttribution } from '../../../src/proxy/calls/attribution.js';
import { createKeyring } from '../../../src/proxy/secrets/keyring.js';

const number = '+442079460958';
const keyring = createKeyring([{ name: 'v1', secret: Buffer.alloc(32, 1) }]);

test('known parameters are kept, as campaign or as click ID', () => {
  assert.deepEqual(cleanAttribution({ utm_source: 'news', gclid: 'abc', evil: 'x', utm_: 'y' }, number), {
    campaign: { utm_source: 'news' },
    clickIds: { gclid: 'abc' },
  });
  assert.deepEqual(cleanAttribution(undefined, number), { campaign: {}, clickIds: {} });
  // Everything that the widget sends is kept.
  const all = Object.fromEntries(campaignParameters.map((name) => [name, 'x']));
  const { campaign, clickIds } = cleanAttribution(all, number);
  assert.deepEqual({ ...campaign, ...clickIds }, all);
  for (const name of 'gclid gbraid wbraid fbclid msclkid ttclid dclid twclid li_fat_id'.split(' '))
    assert.ok(name in clickIds, `${name} is missing`);
});

test('no parameter contains the number, however it is spelled', () => {
  assert.deepEqual(
    cleanAttribution({ utm_term: 'call 020 7946 0958', gclid: '2079460958', fbclid: 'x020-7946-0958' }, number),
    {
      campaign: { utm_term: 'call [number]' },
      clickIds: {},
    },
  );
});

test('a click ID is kept whole or not at all', () => {
  const clickIdOf = (gclid: string): string | undefined => cleanAttribution({ gclid }, number).clickIds['gclid'];
  const long = `Cj0KCQ${'x'.repeat(500)}`;
  assert.equal(clickIdOf(long), long);
  for (const text of ['x'.repeat(512), '=HYPERLINK("x")', '<b>', 'a b', '-a', '', '\u202ea', 'é'])
    assert.equal(clickIdOf(text), undefined, text);
  assert.equal(
    cleanAttribution(JSON.parse('{"__proto__": {"gclid": "abc"}}') as Record<string, string>, number).clickIds['gclid'],
    undefined,
  );
});

test('what is stored has the click IDs encrypted, and the campaign readable', () => {
  const kept = sealAttribution(keyring, {
    campaign: { utm_source: 'news', utm_medium: 'mail', utm_campaign: 'spring', utm_term: 'boiler' },
    clickIds: { gclid: 'EAIaIQobChMI' },
  });
  assert.ok(kept !== undefined, 'nothing is stored');
  assert.deepEqual({ ...kept, sealed: '' }, { source: 'news', medium: 'mail', campaign: 'spring', sealed: '' });
  assert.doesNotMatch(JSON.stringify(kept), /EAIaIQobChMI/);
  assert.deepEqual(openAttribution(keyring, kept), {
    utm_source: 'news',
    utm_medium: 'mail',
    utm_campaign: 'spring',
    utm_term: 'boiler',
    gclid: 'EAIaIQobChMI',
  });
  const other = createKeyring([{ name: 'v2', secret: Buffer.alloc(32, 2) }]);
  assert.throws(() => openAttribution(other, kept), /SEAL_KEY_GONE/);
  assert.equal(sealAttribution(keyring, { campaign: {}, clickIds: {} }), undefined);
});
