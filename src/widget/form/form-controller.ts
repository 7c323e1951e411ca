// The form's state: the number, the consent checkbox, and the error when one is missing. phone-field.ts owns the phone field.

import type { ReactiveController } from 'lit';
import type { CallController } from '../call/call-controller.js';
import type { FocusController } from '../internal/focus-controller.js';
import { type FieldHost, PhoneField } from './phone-field.js';
import type { FormError } from './form-error.js';
import type { ReadBack } from '../views/form-text.js';
import type { PhaseLoader, PhasesChunk } from '../lazy-phases.js';
import type { ViewModel } from '../views/view-model.js';

/** The form's state as a Lit controller. */
export class FormController implements ReactiveController {
  readonly field: PhoneField;
  /** The current error, and the control where it belongs. */
  error: FormError | undefined;
  readonly #host: FieldHost;
  readonly #call: CallController;
  readonly #phases: PhaseLoader;
  readonly #model: () => ViewModel;
  #focus: FocusController | undefined;
  #shown: unknown;

  constructor(host: FieldHost, call: CallController, phases: PhaseLoader, model: () => ViewModel) {
    this.#host = host;
    this.#call = call;
    this.#phases = phases;
    this.#model = model;
    this.field = new PhoneField(host, call);
    host.addController(this);
  }

  /** Receives what only the first touch needs, once it is loaded. */
  attach(chunk: PhasesChunk): void {
    this.#focus = new chunk.FocusController(
      this.#host,
      () => this.#model().name,
      (name) => (name === 'form' ? `#${!this.error || this.error.at === 'form' ? 'phone' : this.error.at}` : 'h2'),
    );
  }

  /** Shows a refusal that the visitor can correct in the form. */
  hostUpdate(): void {
    const { state } = this.#call;
    const { chunk } = this.#phases;
    if (state === this.#shown) return;
    this.#shown = state;
    if (state.phase !== 'form' || !state.error) return;
    // Without the chunk the only possible problem is being offline.
    this.error = chunk?.formErrorOf(state.error) ?? { at: 'form', problem: state.error };
    // The visitor agreed to another text than the one now shown.
    if (this.error.at === 'consent' && this.#box) this.#box.checked = false;
  }

  /** Sets the number from outside, and reads it back before anyone touches the field. */
  fill(text: string, isOwn = false): void {
    if (this.field.fill(text, isOwn) && text) void this.#phases.load();
  }

  /** The number as it was parsed, as text and as shown; empty while it is not a number. */
  readBack(model: ViewModel): ReadBack | undefined {
    return this.#phases.chunk?.readBackOf(model, this.field);
  }

  /** The visitor acted: the focus may follow. */
  acted(): void {
    this.#focus?.acted();
  }

  /** The phase's title is read out because it receives the focus. */
  get isTitleRead(): boolean | undefined {
    return this.#focus?.isTitleRead;
  }

  /** Empties the form. */
  clear(): void {
    this.error = undefined;
    this.field.clear();
  }

  readonly onSubmit = (event: Event): void => {
    event.preventDefault();
    void this.submit();
  };

  /** Submits a call, or requests the times to choose from: always the times while the business is closed. */
  async submit(isLater: boolean = this.#call.site?.opening.open === false): Promise<void> {
    this.#fail(undefined);
    this.#shown = undefined;
    const chunk = await this.#phases.load();
    if (!chunk) return this.#call.fail();
    const answer = await chunk.readForm(this.field, this.#box?.checked === true);
    if ('at' in answer) return this.#fail(answer);
    this.acted();
    await this.#call.submit(answer, isLater);
  }

  get #box(): HTMLInputElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLInputElement>('#consent');
  }

  #fail(error: FormError | undefined): void {
    this.error = error;
    this.#host.requestUpdate();
    if (error) void this.#focus?.move();
  }
}
