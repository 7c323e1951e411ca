// The emphasized number in a sentence. It stands on a line of its own, so nothing invisible may precede it: that would be an empty line.

import { expect, fixture, html } from '@open-wc/testing';
import { createLocalizer } from '../../../src/widget/i18n/localizer.js';
import { table } from '../../../src/widget/i18n/locales/ar.js';
import { withNumber } from '../../../src/widget/views/emphasis.js';
import type { ViewModel } from '../../../src/widget/views/view-model.js';

describe('an emphasized number', () => {
  it('stands alone in a right-to-left sentence, and reads left to right', async () => {
    const localizer = createLocalizer({ locale: 'ar', table });
    const model = { localizer } as ViewModel;
    const sentence = await fixture(
      html`<p dir="rtl">${withNumber(model, 'ringing-caller', '+1 202 555 0123', 'number')}</p>`,
    );
    const number = sentence.querySelector('strong')!;
    const range = document.createRange();
    range.setStart(sentence, 0);
    range.setEndBefore(number);
    expect(range.toString(), 'before the number').to.equal('');
    expect(number.querySelector('bdi')?.dir).to.equal('ltr');
    expect(sentence.textContent).to.contain('يتصل بك.');
  });
});
