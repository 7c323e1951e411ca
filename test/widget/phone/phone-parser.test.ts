// Parsing numbers in the element: the phone code and the site's metadata slice on first focus, once, and what happens without them.
// Mutations that turn it red: load before the first focus; load for each element; block when the code is missing.

import { expect } from '@open-wc/testing';
import metadata from 'libphonenumber-js/min/metadata';
import { PhoneReader } from '../../../src/widget/form/phone-reader.js';
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

/** The reader of a field that contains a text, in an element on a page. */
function readerOf(text: string, country: string, more: { loose?: string; host?: CallHostElement } = {}): PhoneReader {
  const element = more.host ?? host;
  const field = { text, country, options: [], loose: more.loose, select: () => {} };
  return new PhoneReader(field, element.call, element);
}

it('nothing is fetched before the first focus, and each thing once after it', async () => {
  await host.call.start();
  const reader = readerOf('020 7946 0958', 'GB');
  expect(reader.parsed).to.equal(undefined);
  await reader.load();
  expect(reader.parsed).to.deep.equal(london);
  expect(reader.format('+442079460958')).to.equal('+44 20 7946 0958');
  expect(proxy.received.map((one) => one.path)).to.deep.equal(['/v1/site', path]);
});

it('a pasted text may contain one number among other text', async () => {
  const pasted = 'call 020 7946 0958';
  expect(await readerOf(pasted, 'GB', { loose: pasted }).read()).to.deep.equal(london);
  expect(await readerOf(pasted, 'GB').read()).to.include({ ok: false });
});

it('submitting waits for it', async () => {
  expect(await readerOf('020 7946 0958', 'GB').read()).to.deep.equal(london);
});

it('an empty choice is not a country', async () => {
  expect(await readerOf('020 7946 0958', '').read()).to.deep.equal({ ok: false, reason: 'country-required' });
});

it('the slice is fetched once for all elements of a page', async () => {
  const other = readerOf('020 7946 0958', 'GB', { host: await page.add() });
  const reader = readerOf('020 7946 0958', 'GB');
  await Promise.all([reader.load(), other.load(), reader.load()]);
  expect(proxy.requestsTo('GET', path)).to.have.length(1);
  expect(other.parsed).to.deep.equal(london);
});

it('the page narrows the countries', async () => {
  const narrow = await page.add({ countries: () => ['US', 'FR'] });
  const parsed = await readerOf('+44 20 7946 0958', '', { host: narrow }).read();
  expect(narrow.call.countries).to.deep.equal(['US']);
  expect(parsed).to.deep.equal({ ok: false, reason: 'country-not-allowed', country: 'GB', international: true });
});

it('without the slice an international number is still sent to the proxy', async () => {
  proxy.override = (arrived) => (arrived.path === path ? new Response('no', { status: 500 }) : undefined);
  const parsed = await readerOf('＋44 20 7946 0958', 'GB').read();
  expect(parsed).to.include({ ok: true, e164: '+442079460958', international: true });
  const national = readerOf('020 7946 0958', 'GB');
  expect(await national.read()).to.deep.equal({ ok: false, reason: 'invalid-country-code' });
  await host.call.submit(intent);
  expect(host.phase).to.equal('requested');
  // The next element that needs it gets it.
  proxy.override = () => undefined;
  expect(await readerOf('020 7946 0958', 'GB').read()).to.deep.equal(london);
});
