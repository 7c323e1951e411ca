// The field, the country list and the consent, as a visitor uses them.

import { aTimeout, expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { holdsNoKeys } from '../fixtures/engine.js';
import { PageProxy } from '../fixtures/page-proxy.js';
import { Visitor } from '../fixtures/visitor.js';

describe('the form', () => {
  let proxy: PageProxy;
  let visitor: Visitor;
  beforeEach(async () => {
    proxy = new PageProxy();
    visitor = await Visitor.open(proxy);
  });
  afterEach(() => {
    proxy.close();
    sessionStorage.clear();
    localStorage.clear();
  });

  it('names countries with their codes, in order, and starts with the best guess', () => {
    const names = [...visitor.country.options].map((option) => option.text.trim());
    expect(names).to.deep.equal([
      'Choose a country',
      'Austria (+43)',
      'France (+33)',
      'Germany (+49)',
      'United Kingdom (+44)',
      'United States (+1)',
    ]);
    expect(visitor.country.value).to.equal('GB');
  });

  it('is a plain telephone field that does not limit the length', () => {
    const { phone, country } = visitor;
    expect([
      phone.type,
      phone.inputMode,
      phone.autocomplete,
      phone.dir,
      // WebKitGTK 2.5x supports only the attribute.
      phone.getAttribute('enterkeyhint'),
      phone.maxLength,
    ]).to.deep.equal(['tel', 'tel', 'tel', 'ltr', 'done', -1]);
    expect(country.hasAttribute('autocomplete')).to.equal(false);
  });

  it('requests the metadata on first interaction and not before', async () => {
    expect(proxy.paths).to.deep.equal(['GET /v1/site']);
    visitor.phone.focus();
    await visitor.until(() => proxy.paths.includes(`GET ${proxy.site.phoneMetadata}`), 'the metadata');
  });

  it('reads the number back, in text that is also announced, and leaves what was typed unchanged', async () => {
    await visitor.type('020 7946 0958');
    await visitor.until(() => visitor.text.includes('We’ll call +44 20 7946 0958 (United Kingdom)'), 'the read-back');
    expect(visitor.announced).to.equal('We’ll call +44 20 7946 0958 (United Kingdom)');
    expect(visitor.phone.value).to.equal('020 7946 0958');
  });

  it('lets the number’s own + change the country, but no national number', async () => {
    await visitor.type('+33 1 99 00 00 01');
    await visitor.until(() => visitor.country.value === 'FR', 'France');
    await visitor.type('2025550123');
    await visitor.until(() => visitor.element.value === '2025550123', 'typed');
    expect(visitor.country.value).to.equal('FR');
  });

  it('keeps parsing an international number as such while the country changes, and at the press', async () => {
    await visitor.choose('US');
    for (const [typed, e164, country, shown] of [
      ['011 44 20 7946 0958', '+442079460958', 'GB', '+44 20 7946 0958 (United Kingdom)'],
      ['011 49 171 3920012', '+491713920012', 'DE', '+49 171 3920012 (Germany)'],
    ] as const) {
      await visitor.type(typed);
      await visitor.until(() => visitor.text.includes(`We’ll call ${shown}`), 'the read-back');
      expect(visitor.country.value).to.equal(country);
      const parsed = await visitor.element.updateComplete.then(() => visitor.text);
      expect(parsed).to.contain(shown);
      visitor.phone.focus();
      await visitor.until(() => visitor.text.includes(`We’ll call ${shown}`), 'the same after another focus');
      visitor.phone.value = '';
      visitor.phone.dispatchEvent(new Event('input', { bubbles: true }));
      await visitor.until(() => visitor.country.value === 'US', 'the list as it was before the number');
      expect(e164).to.match(/^\+/);
    }
    await visitor.type('011 44 20 7946 0958');
    visitor.agree();
    visitor.press('Call me now');
    await visitor.until(() => proxy.callRequests.length === 1, 'the call');
    expect(proxy.callRequests[0]!.phone).to.equal('+442079460958');
    expect(proxy.callRequests[0]!.international).to.equal(true);
  });

  it('parses a number that only began like a foreign one under the country that is selected afterward', async () => {
    await visitor.choose('US');
    await visitor.type('0114 496 0123');
    await visitor.choose('GB');
    await visitor.until(() => visitor.text.includes('We’ll call +44 114 496 0123 (United Kingdom)'), 'the read-back');
    expect(visitor.country.value).to.equal('GB');
  });

  it('asks which number is meant where the digits may begin with the calling code, and calls the one that is picked', async () => {
    await visitor.choose('DE');
    await visitor.type('491713920012');
    visitor.agree();
    visitor.press('Call me now');
    await visitor.until(() => visitor.alerts.length > 0, 'the question');
    expect(visitor.alerts).to.deep.equal(['Choose the number we should call.']);
    expect(proxy.callRequests).to.deep.equal([]);
    const choices = [...visitor.root.querySelectorAll<HTMLInputElement>('[part=choice] input')];
    expect(choices.map((choice) => choice.labels![0]!.textContent.replace(/\s+/g, ' ').trim())).to.deep.equal([
      '+49 171 3920012 (Germany)',
      '+49 491 713920012 (Germany)',
    ]);
    choices[0]!.click();
    await visitor.until(() => visitor.text.includes('We’ll call +49 171 3920012 (Germany)'), 'the read-back');
    visitor.press('Call me now');
    await visitor.until(() => proxy.callRequests.length === 1, 'the call');
    const { phone, international, countryConfirmed } = proxy.callRequests[0]!;
    expect({ phone, international, countryConfirmed }).to.deep.equal({
      phone: '+491713920012',
      international: true,
      countryConfirmed: true,
    });
  });

  it('asks again once the number is a different one', async () => {
    await visitor.choose('DE');
    await visitor.type('491713920012');
    await visitor.until(() => visitor.root.querySelector('[part=choice] input'), 'the choices');
    visitor.root.querySelector<HTMLInputElement>('[part=choice] input')!.click();
    await visitor.until(() => visitor.text.includes('We’ll call'), 'the read-back');
    await visitor.type('491713920013');
    await visitor.until(() => visitor.root.querySelector('[part=choice] input'), 'the choices');
    expect(visitor.root.querySelector('[part=choice] :checked')).to.equal(null);
  });

  it('parses what was pasted before the phone code was loaded', async () => {
    visitor.phone.focus();
    visitor.phone.value = 'Tel.: +44 20 7946 0958 (office)';
    visitor.phone.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
    await visitor.until(() => visitor.text.includes('We’ll call +44 20 7946 0958 (United Kingdom)'), 'the read-back');
    expect(visitor.phone.value).to.equal('Tel.: +44 20 7946 0958 (office)');
  });

  it('parses a number that the page set before anyone touches the field', async () => {
    proxy.close();
    proxy = new PageProxy();
    visitor = await Visitor.open(proxy, { value: '491713920012', 'default-country': 'DE' });
    await visitor.until(() => visitor.text.includes('Choose the number we should call'), 'the question');
    await visitor.element.request();
    expect(proxy.callRequests).to.deep.equal([]);
  });

  it('never lets the page overwrite what the visitor types', async () => {
    await visitor.type('0740012');
    visitor.element.value = '+442079460958';
    await visitor.element.updateComplete;
    expect(visitor.phone.value).to.equal('0740012');
    visitor.element.setAttribute('value', '+442079460958');
    await visitor.element.updateComplete;
    expect(visitor.phone.value).to.equal('0740012');
    expect(visitor.element.value).to.equal('0740012');
    visitor.element.reset();
    visitor.element.value = '+442079460958';
    await visitor.element.updateComplete;
    expect(visitor.phone.value).to.equal('+442079460958');
  });

  it('never edits digits when a country is selected', async () => {
    await visitor.type('020 7946 0958');
    await visitor.choose('US');
    expect(visitor.phone.value).to.equal('020 7946 0958');
  });

  (holdsNoKeys ? it.skip : it)('keeps undo whole', async () => {
    await visitor.type('0207');
    await sendKeys({ type: '9' });
    await sendKeys({ down: 'Control' });
    await sendKeys({ press: 'z' });
    await sendKeys({ up: 'Control' });
    expect(visitor.phone.value).not.to.equal('02079');
  });

  for (const [typed, sentence] of [
    ['', 'Enter the phone number we should call.'],
    ['ring me', 'That’s not a phone number. Enter its digits, with or without spaces.'],
    ['020 79', /^This number is too short\. It should have 8, 10 or 11 digits\.$/],
    ['+44 20 7946 0958 / +44 20 7946 0123', 'There’s more than one phone number here. Enter only one.'],
    ['020 7946 095', /^This number is too short/],
    ['020 7946 0958 ext 12', 'We can’t dial extensions. Enter the number without one.'],
    ['+999 1234 5678', 'No country has this code. Check the digits after the +.'],
  ] as const) {
    it(`names what is wrong with "${typed}", once, and moves the focus there`, async () => {
      visitor.agree();
      if (typed) await visitor.type(typed);
      visitor.press('Call me now');
      await visitor.until(() => visitor.alerts.length > 0, 'an error');
      expect(visitor.alerts).to.have.length(1);
      if (typeof sentence === 'string') expect(visitor.alerts[0]).to.equal(sentence);
      else expect(visitor.alerts[0]).to.match(sentence);
      expect(visitor.phone.getAttribute('aria-invalid')).to.equal('true');
      await visitor.until(() => visitor.focused === 'phone', 'focus on the field');
      expect(proxy.callRequests).to.deep.equal([]);
    });
  }

  it('asks for the country where none can be guessed', async () => {
    proxy.close();
    proxy = new PageProxy({ countries: ['DE', 'FR'], countryHint: 'XX' });
    visitor = await Visitor.open(proxy);
    if (visitor.country.value !== '') return;
    visitor.agree();
    await visitor.type('030 23125 000');
    visitor.press('Call me now');
    await visitor.until(() => visitor.alerts.length > 0, 'an error');
    expect(visitor.alerts).to.deep.equal(['Choose your number’s country, or start with + and the country code.']);
    await visitor.until(() => visitor.focused === 'country', 'focus on the list');
  });

  it('names the country that is not served, and what to do', async () => {
    visitor.agree();
    await visitor.type('+34 910 23 45 67');
    visitor.press('Call me now');
    await visitor.until(() => visitor.alerts.length > 0, 'an error');
    expect(visitor.alerts[0]).to.contain('Spain');
    expect(visitor.button(/Call us instead/).getAttribute('href')).to.equal('tel:+442079460900');
  });

  it('shows an error in the new language when the page changes its language', async () => {
    visitor.press('Call me now');
    await visitor.until(() => visitor.alerts[0]?.startsWith('Enter'), 'the error in English');
    visitor.element.lang = 'de';
    await visitor.until(() => /Telefonnummer/.test(visitor.alerts[0] ?? ''), 'the error in German');
  });

  it('keeps the arrow of the country list in forced colors, which remove custom-drawn arrows', () => {
    const rules = visitor.root.adoptedStyleSheets.flatMap((sheet) => Array.from(sheet.cssRules));
    const forced = rules.filter(
      (rule) => rule instanceof CSSMediaRule && rule.media.mediaText.includes('forced-colors'),
    );
    expect(forced.map(({ cssText }) => cssText).join()).to.match(/select[^}]*appearance: auto/);
  });

  it('starts with the consent box unchecked, and calls nobody without consent', async () => {
    expect(visitor.field(/agree/).checked).to.equal(false);
    await visitor.type('020 7946 0958');
    visitor.press('Call me now');
    await visitor.until(() => visitor.alerts.length > 0, 'an error');
    expect(visitor.alerts).to.deep.equal(['Check the box to agree to the call.']);
    await visitor.until(() => visitor.focused === 'consent', 'focus on the box');
    expect(proxy.callRequests).to.deep.equal([]);
    // Once it is checked, there is no error anymore.
    visitor.agree();
    await visitor.until(() => visitor.alerts.length === 0, 'no error');
    expect(visitor.field(/agree/).getAttribute('aria-invalid')).to.equal('false');
  });

  it('sends the number and the consent exactly as shown', async () => {
    await visitor.requestCall();
    await visitor.until(() => proxy.callRequests.length === 1, 'the call');
    const { phone, country, international, unambiguous, consent, locale } = proxy.callRequests[0]!;
    const text =
      'I agree to receive a call from Harbour Dental at this number from an AI voice agent about my request.';
    expect({ phone, country, international, unambiguous }).to.deep.equal({
      phone: '+442079460958',
      country: 'GB',
      international: false,
      unambiguous: true,
    });
    expect(consent.text).to.equal(text);
    expect(consent.source).to.equal('page');
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
    expect(consent.version).to.equal(
      Array.from(hash.slice(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(''),
    );
    expect(locale).to.equal('en-GB');
  });

  it('shows the proxy’s refusals at the field, in the widget’s own words', async () => {
    proxy.problem = PageProxy.problem('number-refused', { reason: 'premium-rate' });
    await visitor.requestCall();
    await visitor.until(() => visitor.alerts.length > 0, 'an error');
    expect(visitor.alerts).to.deep.equal([
      'We can’t call premium-rate numbers. Please use a landline or mobile number.',
    ]);
    expect(visitor.phone.value).to.equal('020 7946 0958');
    await visitor.until(() => visitor.focused === 'phone', 'focus on the field');
  });

  it('can be filled from outside by its value, and requests a call by method', async () => {
    visitor.element.value = '+1 202 555 0123';
    await visitor.until(() => visitor.text.includes('We’ll call +1 202 555 0123 (United States)'), 'the read-back');
    visitor.agree();
    await visitor.element.request('+44 20 7946 0958');
    await visitor.until(() => proxy.callRequests.length === 1, 'the call');
    expect(proxy.callRequests[0]!.phone).to.equal('+442079460958');
  });

  it('sends one request, however often it is pressed', async () => {
    await visitor.type('020 7946 0958');
    visitor.agree();
    const button = visitor.button('Call me now');
    for (let press = 0; press < 5; press += 1) button.click();
    await visitor.see('We’ve received your request');
    await aTimeout(0);
    expect(proxy.callRequests).to.have.length(1);
  });

  it('waits for the site’s country guess when a visitor is faster', async () => {
    const late = new PageProxy();
    let answer = (): void => {};
    late.siteGate = new Promise((resolve) => {
      answer = resolve;
    });
    const quick = new Visitor(document.createElement('polyai-callback'));
    quick.element.endpoint = late.endpoint;
    visitor.element.replaceWith(quick.element);
    await quick.element.updateComplete;
    await quick.type('020 7946 0958');
    quick.agree();
    quick.press('Call me now');
    answer();
    await quick.see('We’ve received your request');
    expect(late.callRequests[0]!.phone).to.equal('+442079460958');
    late.close();
  });

  it('can be used with the keyboard alone', async () => {
    const stops: string[] = [];
    (document.activeElement as HTMLElement | null)?.blur();
    for (let stop = 0; stop < 4; stop += 1) {
      await sendKeys({ press: 'Tab' });
      const { activeElement } = visitor.root;
      stops.push(activeElement?.id || (activeElement?.textContent ?? '').trim());
      if (activeElement?.id === 'phone') await sendKeys({ type: '020 7946 0958' });
      if (activeElement?.id === 'consent') await sendKeys({ press: ' ' });
    }
    expect(stops).to.deep.equal(['country', 'phone', 'consent', 'Call me now']);
    await sendKeys({ press: 'Enter' });
    await visitor.see('We’ve received your request');
    expect(visitor.focused).to.equal('title');
  });
});
