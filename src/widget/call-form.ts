// What the form asks for: the number, the tick, and what is said when one is missing. The field itself is phone-field.ts's.

import { nothing, type ReactiveController, type TemplateResult } from 'lit';
import type { CallController } from './call-controller.js';
import type { Ask } from './call-state.js';
import { FocusKeeper } from './focus-keeper.js';
import { type FieldHost, PhoneField } from './phone-field.js';
import type { FormError } from './views/form.js';
import type { PhaseLoader } from './phase-loader.js';
import type { Scene } from './views/scene.js';

/** The form's state as a Lit controller. */
export class CallForm implements ReactiveController {
  readonly field: PhoneField;
  /** What is wrong, at the place it belongs to. */
  error: FormError | undefined;
  readonly #host: FieldHost;
  readonly #call: CallController;
  readonly #phases: PhaseLoader;
  readonly #scene: () => Scene;
  readonly #focus: FocusKeeper;
  #shown: unknown;

  constructor(host: FieldHost, call: CallController, phases: PhaseLoader, scene: () => Scene) {
    this.#host = host;
    this.#call = call;
    this.#phases = phases;
    this.#scene = scene;
    this.field = new PhoneField(host, call);
    this.#focus = new FocusKeeper(
      host,
      () => this.#scene().name,
      (name) => (name === 'form' ? `#${!this.error || this.error.at === 'form' ? 'phone' : this.error.at}` : 'h2'),
    );
    host.addController(this);
  }

  /** A refusal that the visitor can mend is said in the form. */
  hostUpdate(): void {
    const { state } = this.#call;
    const { piece } = this.#phases;
    if (!piece || state === this.#shown) return;
    this.#shown = state;
    if (state.phase !== 'form' || !state.error) return;
    const at = state.error.code === 'number-refused' ? 'phone' : 'form';
    this.error = { at, text: piece.refusalOf(this.#scene(), state.error) };
  }

  /** The number as it was understood, as text and as shown; empty while it is none. */
  readBack(scene: Scene): { readonly text: string; readonly shown: TemplateResult | symbol } {
    const { reading } = this.field;
    const { piece } = this.#phases;
    if (!reading?.ok || !piece) return { text: '', shown: nothing };
    const country = scene.countryName(reading.country);
    return {
      text: scene.words.say('read-back', { number: reading.formatted, country }),
      shown: piece.withNumber(scene, 'read-back', reading.formatted, 'number', { country }),
    };
  }

  /** The visitor did something: the focus may follow. */
  acted(): void {
    this.#focus.acted();
  }

  /** Empties it. */
  clear(): void {
    this.error = undefined;
    this.field.clear();
  }

  readonly onSubmit = (event: Event): void => {
    event.preventDefault();
    void this.submit();
  };

  /** Asks for a call, or for the times to choose from: always those while the business is closed. */
  async submit(isLater: boolean = this.#call.site?.opening.open === false): Promise<void> {
    this.#fail(undefined);
    const ask = await this.#ask();
    if (!ask) return;
    this.acted();
    await (isLater ? this.#call.offerSlots(ask) : this.#call.submit(ask));
  }

  async #ask(): Promise<Ask | undefined> {
    const piece = await this.#phases.load();
    const { words } = this.#scene();
    if (!piece) {
      this.#fail({ at: 'form', text: words.say('error-offline') });
      return undefined;
    }
    const reading = await this.field.read();
    if (!reading.ok) {
      const text = piece.refusalOf(this.#scene(), { ...reading, code: 'number-refused' });
      this.#fail({ at: reading.reason === 'country-required' ? 'country' : 'phone', text });
    } else if (this.#host.shadowRoot?.querySelector<HTMLInputElement>('#consent')?.checked !== true) {
      this.#fail({ at: 'consent', text: this.#scene().words.say('error-consent-required') });
    } else {
      const { e164: phone, country, international } = reading;
      return { phone, country, international };
    }
    return undefined;
  }

  #fail(error: FormError | undefined): void {
    this.error = error;
    this.#host.requestUpdate();
    if (error) void this.#focus.move();
  }
}
