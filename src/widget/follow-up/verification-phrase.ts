// The two words by which the visitor recognizes the call: shown until it has ended, and read out while the phone rings.

import { html } from 'lit';
import { joinSentences } from '../i18n/format.js';
import type { Feature } from './feature.js';

/** Shows the words of a call that has them. */
export const verificationPhrase: Feature = ({ name, state, localizer }, view) => {
  const words = state.phase === 'following' ? state.call.verificationPhrase?.join(' ') : undefined;
  if (!words) return view;
  const title = localizer.t('phrase-title');
  return {
    ...view,
    ...(name === 'ringing' && { detail: joinSentences([view.detail, `${title}: ${words}`]) }),
    body: html`<div class="phrase" part="phrase">
        <p>${title}</p>
        <p class="words" part="phrase-words">${words}</p>
        <p>${localizer.t('phrase-detail')}</p>
      </div>
      ${view.body}`,
  };
};
