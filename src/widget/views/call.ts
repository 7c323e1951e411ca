// The phases of a call that exists: followed live, and ended.

import type { TemplateResult } from 'lit';
import type { CallSnapshot } from '../../contract.js';
import { button } from './button.js';
import { callInstead } from './call-instead.js';
import { isMissed, type Scene } from './scene.js';
import { talkedMs } from './sentences.js';
import { stepList } from './steps.js';

/** A call that has not ended. */
export function followingView(scene: Scene, call: CallSnapshot, isLost: boolean, isElsewhere: boolean): TemplateResult {
  const { html, nothing, words, name } = scene;
  return html`
    ${
      name === 'talking'
        ? html`<p class="big" part="timer" role="timer" aria-label=${words.say('talking-detail')}>
            ${clock(talkedMs(call, scene.now) ?? 0)}
          </p>`
        : nothing
    }
    ${stepList(scene, call)}
    ${isLost ? html`<p class="note" part="lost">${words.say('lost')}</p>` : nothing}
    ${isElsewhere ? html`<p class="note" part="elsewhere">${words.say('elsewhere')}</p>` : nothing}
    ${call.canTakeBack ? html`<div class="row">${button(scene, 'take-back')}</div>` : nothing}
  `;
}

/** A call that has ended, and what helps now. */
export function endedView(scene: Scene, call: CallSnapshot): TemplateResult {
  const { html, nothing, name, callerId } = scene;
  const isTooEarly = call.tryAgainAt !== undefined && Date.parse(call.tryAgainAt) > scene.now;
  return html`
    ${stepList(scene, call)}
    <div class="row">
      ${name === 'completed' ? button(scene, 'another-call') : isTooEarly ? nothing : button(scene, 'again', true)}
      ${name === 'completed' ? nothing : callInstead(scene)}
      ${isMissed(name) && callerId ? button(scene, 'save') : nothing}
      ${name === 'completed' ? nothing : button(scene, 'another-number')}
    </div>
  `;
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
