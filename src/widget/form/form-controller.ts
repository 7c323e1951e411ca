// The form's state: the number, the consent checkbox, and the error when one is missing. phone-field.ts owns the phone field.

import type { ReactiveController } from 'lit';
import type { CallController } from '../call/call-controller.js';
import { phaseNameOf } from '../call/call-state.js';
import type { FocusController } from '../internal/focus-controller.js';
import { interaction, loadInteraction } from '../internal/interaction.js';
import type { FormError } from './form-result.js';
import { type FieldHost, PhoneField } from './phone-field.js';

/**
 * The form's state as a Lit controller.
 *
 * @example
 * ```ts
 * readonly #call = new CallController(this, options);
 * readonly #form = new FormController(this, this.#call);
 *
 * render() {
 *   const { field, error, onSubmit } = this.#form;
 *   return html`<input id="phone" @focus=${field.load} @input=${field.type} />
 *     <p role="alert">${error?.problem.code}</p>
 *     <button @click=${onSubmit}>Call me</button>`;
 * }
 * ```
 */
export class FormController implements ReactiveController {
  readonly field: PhoneField;
  /** The current error, and the control where it belongs. */
  error: FormError | undefined;
  readonly #host: FieldHost;
  readonly #call: CallController;
  #focus: FocusController | undefined;
  #shown: unknown;

  constructor(host: FieldHost, call: CallController) {
    this.#host = host;
    this.#call = call;
    this.field = new PhoneField(host, call);
    host.addController(this);
  }

  /** Shows a refusal that the visitor can correct in the form. */
  hostUpdate(): void {
    const { state } = this.#call;
    const chunk = interaction();
    if (chunk)
      this.#focus ??= new chunk.FocusController(
        this.#host,
        () => phaseNameOf(this.#call.state),
        (name) => (name === 'form' ? `#${!this.error || this.error.at === 'form' ? 'phone' : this.error.at}` : 'h2'),
      );
    if (state === this.#shown) return;
    this.#shown = state;
    if (state.phase !== 'form' || !state.error) return;
    // Without the chunk the only possible problem is being offline.
    this.error = chunk?.formErrorOf(state.error) ?? { at: 'form', problem: state.error };
    // The visitor agreed to another text than the one now shown.
    if (this.error.at === 'consent' && this.#box) this.#box.checked = false;
  }

  hostDisconnected(): void {
    this.field.reader?.stop();
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

  /** The visitor changed a control: its error no longer applies. */
  readonly onInput = ({ target }: Event): void => {
    if ((target as Element).id === this.error?.at) this.#fail(undefined);
  };

  /** Submits a call, or requests the times to choose from: always the times while the business is closed. */
  async submit(isLater: boolean = this.#call.site?.opening.open === false): Promise<void> {
    this.#fail(undefined);
    this.#shown = undefined;
    const chunk = await loadInteraction();
    await this.field.load();
    const parsed = await this.field.reader?.read();
    if (!chunk || !parsed) return this.#call.fail();
    const result = chunk.readForm(parsed, this.#box?.checked === true);
    if ('at' in result) return this.#fail(result);
    this.acted();
    await this.#call.submit(result, isLater);
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
