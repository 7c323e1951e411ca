// The element inside a page's own form.

import { expect, fixture, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { PageProxy } from '../fixtures/page-proxy.js';
import { Visitor } from '../fixtures/visitor.js';

describe('inside a page’s form', () => {
  let proxy: PageProxy;
  let visitor: Visitor;
  let form: HTMLFormElement;
  let submits: number;
  beforeEach(async () => {
    proxy = new PageProxy();
    visitor = await Visitor.open(proxy, { name: 'phone' });
    form = await fixture<HTMLFormElement>(html`<form><fieldset></fieldset></form>`);
    form.firstElementChild!.append(visitor.element);
    submits = 0;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      submits += 1;
    });
    await visitor.element.updateComplete;
  });
  afterEach(() => {
    proxy.close();
    sessionStorage.clear();
    localStorage.clear();
  });

  const read = (): Promise<void> => visitor.until(() => visitor.text.includes('We’ll call +44'), 'the read-back');

  it('keeps its own form', () => {
    expect(visitor.root.querySelector('form')).to.be.an.instanceOf(HTMLFormElement);
    expect([...form.elements].includes(visitor.element)).to.equal(true);
  });

  it('submits the number under its name, in E.164', async () => {
    expect([...new FormData(form).keys()]).to.deep.equal([]);
    await visitor.type('020 7946 0958');
    await read();
    expect(new FormData(form).get('phone')).to.equal('+442079460958');
  });

  it('requests a call on Enter, and does not submit the page’s form', async () => {
    await visitor.type('020 7946 0958');
    visitor.agree();
    visitor.phone.focus();
    await sendKeys({ press: 'Enter' });
    await visitor.see('We’ve received your request');
    expect(submits).to.equal(0);
    expect(proxy.callRequests).to.have.length(1);
  });

  it('blocks the page’s form while the number is invalid, and not when it is empty or valid', async () => {
    expect(form.checkValidity()).to.equal(true);
    await visitor.type('020');
    await visitor.until(() => !form.checkValidity(), 'invalid');
    await visitor.type('020 7946 0958');
    await read();
    expect(form.checkValidity()).to.equal(true);
  });

  it('requires a number when the page says so', async () => {
    visitor.element.setAttribute('required', '');
    visitor.phone.focus();
    await visitor.until(() => !form.checkValidity(), 'invalid');
  });

  it('is reset with the page’s form', async () => {
    await visitor.type('020 7946 0958');
    form.reset();
    await visitor.element.updateComplete;
    expect(visitor.phone.value).to.equal('');
    expect(new FormData(form).get('phone')).to.equal(null);
  });

  it('is restored when the browser restores the page’s form', async () => {
    visitor.element.formStateRestoreCallback('+442079460958');
    await visitor.until(() => visitor.phone.value !== '', 'the number is back');
    await read();
    expect(new FormData(form).get('phone')).to.equal('+442079460958');
    visitor.element.formStateRestoreCallback(null);
    await visitor.element.updateComplete;
    expect(visitor.phone.value).to.equal('+442079460958');
  });

  it('is disabled with its fieldset', async () => {
    form.querySelector('fieldset')!.disabled = true;
    await visitor.element.updateComplete;
    expect(visitor.phone.matches(':disabled')).to.equal(true);
    expect(visitor.button('Call me now').matches(':disabled')).to.equal(true);
    form.querySelector('fieldset')!.disabled = false;
    await visitor.element.updateComplete;
    expect(visitor.phone.matches(':disabled')).to.equal(false);
  });
});
