// An element's language: where it comes from, when it changes, and what happens when its table fails to load.

import { expect, fixture, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { define } from '../../../src/widget/define.js';
import { languages } from '../../../src/widget/i18n/languages.js';
import type { PolyaiCallback } from '../../../src/widget/polyai-callback.js';
import { PageProxy } from '../fixtures/page-proxy.js';
import { Visitor } from '../fixtures/visitor.js';

define();

const loaders = languages as Record<string, (typeof languages)[string]>;
const titles = {
  en: 'Get a call now',
  de: 'Jetzt anrufen lassen',
  fr: 'Recevez un appel maintenant',
  ja: '今すぐ電話を依頼',
  ar: 'طلب مكالمة فورية',
  he: 'לקבלת שיחה עכשיו',
  cs: 'Nechte si hned zavolat',
};

describe('the language', () => {
  let proxy: PageProxy;
  beforeEach(() => {
    proxy = new PageProxy();
  });
  afterEach(() => {
    proxy.close();
    document.documentElement.removeAttribute('lang');
    sessionStorage.clear();
    localStorage.clear();
  });

  const panel = ({ root }: Visitor): HTMLElement => root.querySelector<HTMLElement>('[part~=panel]')!;
  const phone = ({ root }: Visitor): HTMLInputElement => root.querySelector<HTMLInputElement>('#phone')!;
  const countries = ({ root }: Visitor): readonly string[] =>
    [...root.querySelectorAll('option')].map(({ text }) => text.trim());
  const type = async (visitor: Visitor, text: string): Promise<void> => {
    phone(visitor).focus();
    await sendKeys({ type: text });
  };
  const speaks = (visitor: Visitor, language: keyof typeof titles): Promise<void> =>
    visitor.until(() => visitor.title === titles[language], language);

  it('is the element’s own, and follows its attribute', async () => {
    const visitor = await Visitor.open(proxy, { lang: 'de-AT' });
    await speaks(visitor, 'de');
    expect(panel(visitor).lang).to.equal('de-AT');
    expect(visitor.text).to.contain('Harbour Dental mich zu meiner Anfrage unter dieser Nummer');
    visitor.element.lang = 'fr';
    await speaks(visitor, 'fr');
    expect(countries(visitor)).to.include('Autriche (+43)');
    visitor.element.removeAttribute('lang');
    await speaks(visitor, 'en');
  });

  it('is otherwise that of the nearest ancestor, through shadow roots, or the page’s', async () => {
    const outer = await fixture<HTMLElement>(html`<div lang="ja"><div></div></div>`);
    const root = outer.firstElementChild!.attachShadow({ mode: 'open' });
    const element = document.createElement('polyai-callback');
    element.endpoint = proxy.endpoint;
    root.append(element);
    await element.updateComplete;
    const visitor = new Visitor(element);
    await speaks(visitor, 'ja');
    const section = await fixture<HTMLElement>(html`<section></section>`);
    section.append(element);
    await speaks(visitor, 'en');
    document.documentElement.lang = 'de';
    await speaks(visitor, 'de');
    document.documentElement.lang = 'th';
    await speaks(visitor, 'en');
  });

  it('can differ between elements of one page', async () => {
    const first = await Visitor.open(proxy, { lang: 'de' });
    const second = await Visitor.open(proxy, { lang: 'ja' });
    const third = new Visitor(await fixture<PolyaiCallback>(html`<polyai-callback lang="en-GB"></polyai-callback>`));
    await speaks(first, 'de');
    await speaks(second, 'ja');
    await speaks(third, 'en');
    expect(first.title).to.equal(titles.de);
    expect([first, second, third].map((visitor) => panel(visitor).lang)).to.deep.equal(['de', 'ja', 'en-GB']);
  });

  it('applies to every phase, and the request names it', async () => {
    const visitor = await Visitor.open(proxy, { lang: 'cs' });
    await speaks(visitor, 'cs');
    await type(visitor, '+44 20 7946 0958');
    visitor.root.querySelector<HTMLInputElement>('#consent')!.click();
    visitor.press('Zavolejte mi hned');
    await visitor.see('Vaši žádost jsme přijali');
    expect(proxy.callRequests[0]!.locale).to.equal('cs');
    expect(proxy.callRequests[0]!.consent.text).to.equal(
      'Souhlasím s tím, že mi Harbour Dental zavolá na toto číslo prostřednictvím hlasového asistenta s umělou inteligencí ve věci mého požadavku.',
    );
    expect(visitor.announced).to.contain('Mějte telefon po ruce.');
  });

  for (const language of ['ar', 'he'] as const) {
    it(`runs from right to left in ${language}, and phone numbers from left to right`, async () => {
      const visitor = await Visitor.open(proxy, { lang: language });
      await speaks(visitor, language);
      expect(panel(visitor).dir).to.equal('rtl');
      expect(getComputedStyle(panel(visitor)).direction).to.equal('rtl');
      expect(getComputedStyle(phone(visitor)).direction).to.equal('ltr');
      await visitor.until(() => countries(visitor).length > 3, 'the countries');
      expect(countries(visitor).some((text) => text.includes('(\u2066+43\u2069)'))).to.equal(true);
      await type(visitor, '+44 20 7946 0958');
      const number = (): HTMLElement | null => visitor.root.querySelector('#read-back bdi');
      await visitor.until(() => number() !== null, 'the read-back');
      expect(number()!.dir).to.equal('ltr');
      expect(visitor.announced).to.contain('\u2066+44 20 7946 0958\u2069');
    });
  }

  it('hides its text, but keeps its space, until the first table has loaded, and never again', async () => {
    const real = loaders['nl']!;
    let arrive = (): void => {};
    const gate = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    loaders['nl'] = () => gate.then(real);
    try {
      const visitor = await Visitor.open(proxy, { lang: 'nl' });
      const heading = visitor.root.querySelector('h2')!;
      expect(panel(visitor).classList.contains('pending')).to.equal(true);
      expect(heading.getBoundingClientRect().height).to.be.greaterThan(0);
      // A table that takes longer than that must not hide the form for good.
      const [animation] = heading.getAnimations();
      expect(animation!.effect!.getComputedTiming().endTime).to.equal(1000);
      expect(getComputedStyle(heading).visibility).to.equal('hidden');
      animation!.finish();
      expect(getComputedStyle(heading).visibility).to.equal('visible');
      arrive();
      await visitor.until(() => visitor.title === 'Word nu gebeld', 'Dutch');
      visitor.element.lang = 'de';
      await visitor.element.updateComplete;
      expect(panel(visitor).classList.contains('pending')).to.equal(false);
      await speaks(visitor, 'de');
    } finally {
      loaders['nl'] = real;
    }
  });

  it('is English, without an error, where the table fails to load', async () => {
    const real = loaders['ko']!;
    loaders['ko'] = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
    try {
      const visitor = await Visitor.open(proxy, { lang: 'ko' });
      const errors = visitor.collect('polyai-callback-error');
      await visitor.until(() => !panel(visitor).classList.contains('pending'), 'the text');
      expect(visitor.title).to.equal(titles.en);
      expect(panel(visitor).lang).to.equal('en');
      expect(errors).to.deep.equal([]);
    } finally {
      loaders['ko'] = real;
    }
  });

  it('is overridden by the page’s own text: slot, property, JSON, attribute, site, table', async () => {
    proxy.close();
    proxy = new PageProxy({ strings: { heading: 'site' } });
    const visitor = await Visitor.open(
      proxy,
      { lang: 'fr', 'data-text-heading': 'data' },
      '<script type="application/json">{"heading": "json"}</script><b slot="heading">slot</b>',
    );
    visitor.element.strings = { heading: 'property' };
    await visitor.until(() => visitor.text.includes('Numéro de téléphone'), 'French');
    const steps: readonly [string, () => void][] = [
      ['slot', () => visitor.element.querySelector('b')!.remove()],
      ['property', () => (visitor.element.strings = undefined)],
      ['json', () => visitor.element.querySelector('script')!.remove()],
      ['data', () => visitor.element.removeAttribute('data-text-heading')],
      ['site', () => {}],
    ];
    for (const [words, takeAway] of steps) {
      await visitor.until(() => visitor.title === words, words);
      takeAway();
    }
    expect(visitor.text).to.contain('Appelez-moi maintenant');
  });
});
