// Parsing numbers in the element: the phone code and the site's metadata slice on first focus, once, and what happens without them.
// Mutations that turn it red: load before the first focus; load for each element; block when the code is missing.

import { expect } from '@open-wc/testing';
import metadata from 'libphonenumber-js/min/metadata';
import { intent, type CallHostElement, CallPage } from '../fixtures/call-page.js';
import { FakeProxy, plainSite } from '../fixtures/fake-proxy.js';

let page: CallPage;
let proxy: FakeProxy;
let host: CallHostElement;
let path: string;
let turn = 0;

beforeEach(async () => {
  page = new CallPage();
  proxy = new FakeProxy(page.tab);
  // The slice is shared by its URL: a new one for each test.
  path = `/v1/phone-metadata/${String((turn += 1))}.json`;
  proxy.site = { ...plainSite, phoneMetadata: path };
  proxy.phoneMetadata = metadata;
  host = await page.add();
});

afterEach(() => page.root.remove());

const london = {
  ok: true,
  e164: '+442079460958',
  country: 'GB',
  international: false,
  formatted: '+44 20 7946 0958',
  unambiguous: true,
};

it('nothing is parsed before the first focus, and everything after it', async () => {
  await host.call.start();
  expect(host.call.checkPhone('020 7946 0958', 'GB')).to.equal(undefined);
  await host.call.loadPhone();
  expect(host.call.checkPhone('020 7946 0958', 'GB')).to.deep.equal(london);
  const pasted = 'call 020 7946 0958';
  expect(host.call.checkPhone(pasted, 'GB', { loose: pasted, picked: undefined })).to.deep.equal(london);
  expect(proxy.received.map((one) => one.path)).to.deep.equal(['/v1/site', path]);
});

it('submitting waits for it', async () => {
  expect(await host.call.readPhone('020 7946 0958', 'GB')).to.deep.equal(london);
});

it('an empty choice is not a country', async () => {
  expect(await host.call.readPhone('020 7946 0958', '')).to.deep.equal({ ok: false, reason: 'country-required' });
});

it('the slice is fetched once for all elements of a page', async () => {
  const other = await page.add();
  await Promise.all([host.call.loadPhone(), other.call.loadPhone(), host.call.loadPhone()]);
  expect(proxy.requestsTo('GET', path)).to.have.length(1);
  expect(other.call.checkPhone('020 7946 0958', 'GB')).to.deep.equal(london);
});

it('the page narrows the countries', async () => {
  const narrow = await page.add({ countries: () => ['US', 'FR'] });
  await narrow.call.loadPhone();
  expect(narrow.call.countries).to.deep.equal(['US']);
  expect(narrow.call.checkPhone('+44 20 7946 0958', undefined)).to.deep.equal({
    ok: false,
    reason: 'country-not-allowed',
    country: 'GB',
    international: true,
  });
});

it('without the slice an international number is still sent to the proxy', async () => {
  proxy.override = (arrived) => (arrived.path === path ? new Response('no', { status: 500 }) : undefined);
  const reading = await host.call.readPhone('＋44 20 7946 0958', 'GB');
  expect(reading).to.include({ ok: true, e164: '+442079460958', international: true });
  expect(host.call.checkPhone('020 7946 0958', 'GB')).to.deep.equal({ ok: false, reason: 'invalid-country-code' });
  await host.call.submit(intent);
  expect(host.phase).to.equal('requested');
  // The next element that needs it gets it.
  proxy.override = () => undefined;
  expect(await host.call.readPhone('020 7946 0958', 'GB')).to.deep.equal(london);
});
