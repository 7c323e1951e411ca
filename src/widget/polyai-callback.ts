// The element: attributes, slots, parts and the visitor's wishes. The call itself is the controller's, its looks the views'.

import { type CSSResult, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { dataset, webAddress } from './internal/attribute-converters.js';
import { FormController } from './form/form-controller.js';
import { CallController } from './call/call-controller.js';
import { stateName } from './call/call-state.js';
import { CallbackProperties } from './polyai-callback.properties.js';
import { consentOf } from './form/consent.js';
import { LocalizeController } from './i18n/localize-controller.js';
import { PhaseLoader } from './lazy-phases.js';
import { createViewModel } from './create-view-model.js';
import { sheet } from './polyai-callback.sheet.js';
import { ShellLoader } from './lazy-overlay.js';
import { NearViewportController } from './internal/near-viewport-controller.js';
import { contribute, hasFallback, showStates, stateOf } from './internal/element-internals.js';
import type { Localizer } from './i18n/localizer.js';
import { widgetVersion } from './internal/version.js';
import { fallbackView, sentence } from './views/fallback.js';
import { panelView } from './views/panel.js';
import type { Action } from './call/actions.js';
import type { PhaseName, ViewModel } from './views/view-model.js';

/**
 * A visitor types a phone number, is rung by a voice agent within seconds, and watches the call's true progress here.
 *
 * @summary Asks for a call and shows it happen.
 * @slot - What the page shows without the element: before it is defined, when calls are closed, or when anything is down.
 * @slot heading - The form's heading.
 * @slot description - The sentence under the form's heading.
 * @slot consent - The consent sentence, with links; its text is sent along and kept.
 * @slot success - Under the title when the call was completed.
 * @slot missed - Under the title when the visitor was not reached.
 * @slot challenge - Where a challenge is shown that must stand in the page itself (Turnstile); the element fills it.
 * @fires polyai-callback-open - The floating panel or the dialog opened.
 * @fires polyai-callback-close - The floating panel or the dialog closed.
 * @fires polyai-callback-before-call - A call is about to be asked for; `preventDefault()` stops it.
 * @fires polyai-callback-requested - The proxy accepted a call.
 * @fires polyai-callback-progress - A call moved on.
 * @fires polyai-callback-scheduled - A callback was put down for a chosen time.
 * @fires polyai-callback-ended - A call ended; exactly once for each `-requested`.
 * @fires polyai-callback-refused - The proxy said no, or not now.
 * @fires polyai-callback-error - The network, the proxy or a piece of the element failed.
 * @csspart panel - The card; also `phase-<name>` for the phase it is in.
 * @csspart sandbox - The mark that no real phone rings.
 * @csspart sign - The round sign above the title.
 * @csspart heading - The heading of the form, the title of a phase.
 * @csspart description - The sentence under it.
 * @csspart form - The form.
 * @csspart label - The label of a control.
 * @csspart country - The country list.
 * @csspart phone - The phone field.
 * @csspart read-back - The number as it was understood.
 * @csspart error - The sentence that names what is wrong.
 * @csspart consent - The consent line.
 * @csspart checkbox - The consent box.
 * @csspart link - Links to privacy and terms.
 * @csspart button - Every button; also named by its action, such as `submit`, `again`, `call-us`, `save`.
 * @csspart number - The number in the read-back line.
 * @csspart steps - The list of a call's progress.
 * @csspart step - One step; also `step-done`, `step-now`, `step-next`, `step-ended`, `step-unknown`.
 * @csspart caller - The caller's number while the phone rings.
 * @csspart timer - The time on the call.
 * @csspart countdown - How long until a callback at a chosen time.
 * @csspart there - That time by the clocks of the phone, where they differ.
 * @csspart lost - The note that the connection is being rebuilt.
 * @csspart elsewhere - The note that another tab asked for the call.
 * @csspart slots - The list of times.
 * @csspart slot - One time.
 * @csspart launcher - The floating variant's button.
 * @csspart dialog - The panel of the floating and modal variants.
 * @csspart close - Its close button.
 * @csspart status - The live region, for those who listen.
 * @cssprop --polyai-callback-accent - Main color: buttons, the sign, links.
 * @cssprop --polyai-callback-on-accent - Text on the main color.
 * @cssprop --polyai-callback-surface - Background of the card and its fields.
 * @cssprop --polyai-callback-text - Text.
 * @cssprop --polyai-callback-muted - Text of lesser weight.
 * @cssprop --polyai-callback-line - Lines that only divide.
 * @cssprop --polyai-callback-control - Borders of fields and buttons.
 * @cssprop --polyai-callback-danger - Errors and missed calls.
 * @cssprop --polyai-callback-success - A completed call.
 * @cssprop --polyai-callback-radius - Roundness of corners.
 * @cssprop --polyai-callback-shadow - Shadow of the card.
 * @cssprop --polyai-callback-font - Font family; the page's own by default.
 * @cssprop --polyai-callback-offset - Distance of the launcher and the floating panel from the edges.
 * @cssprop --polyai-callback-width - Greatest width.
 * @cssState idle - The form.
 * @cssState submitting - The call is being asked for.
 * @cssState ringing - As every phase by its name: checking, confirm-country, choosing, scheduled, requested, created, queued, calling, ringing, talking, completed, no-answer, busy, failed, cancelled, unknown, refused, closed, fallback.
 * @cssState lost - The connection is being rebuilt.
 * @cssState sandbox - No real phone rings.
 */
export class PolyaiCallback extends CallbackProperties {
  static override readonly styles: CSSResult = sheet;
  /** The number can go along with the form the element stands in. */
  static readonly formAssociated: boolean = true;
  /** The proxy for elements without `endpoint`: where the script came from. */
  static defaultEndpoint: string | undefined;

  readonly #internals: ElementInternals = this.attachInternals();
  readonly #localize: LocalizeController = new LocalizeController(this);
  readonly #call: CallController = new CallController(this, {
    endpoint: () => this.endpoint || PolyaiCallback.defaultEndpoint,
    context: () => ({
      locale: this.#localizer.locale,
      consent: this.#phases.piece?.shownConsent(this, this.#consent()) ?? this.#consent(),
      metadata: { ...this.metadata, ...dataset(this, 'meta') },
      ...(this.attribution && { attribution: this.#phases.piece?.attributionOf(location.search) ?? {} }),
    }),
    countries: () => this.countries ?? [],
    widgetVersion,
  });
  readonly #phases: PhaseLoader = new PhaseLoader(
    this,
    () => !!this.dataLayer || !['form', 'fallback'].includes(this.#call.state.phase),
    (piece) => {
      piece.feedDataLayer(this, () => this.dataLayer);
      this.addController(new piece.IntervalController(this, () => piece.paceOf(this.#model())));
    },
  );
  readonly #shell: ShellLoader = new ShellLoader(this, () => {
    // A launcher is in view by nature; a dialog waits until somebody opens it.
    if (this.variant === 'floating') void this.#call.start();
  });
  readonly #form: FormController = new FormController(this, this.#call, this.#phases, () => this.#model());
  #localizer: Localizer = this.#localize.localizer();
  #isDisabled = false;

  constructor() {
    super();
    this.addController(new NearViewportController(this, () => void this.#call.start()));
  }

  /** Asks for a call as if the visitor had pressed the button; with a number, as if it had been typed. Consent must be given. */
  async request(phone?: string): Promise<void> {
    await this.updateComplete;
    await this.#call.start();
    if (phone !== undefined) this.#form.field.fill(phone);
    await this.#form.submit();
  }

  /** Opens the floating panel or the dialog; goes to the form where the element stands in the text. */
  open(): void {
    void this.#call.start();
    this.#shell.open();
  }

  /** Closes the floating panel or the dialog. */
  close(): void {
    this.#shell.close();
  }

  /** Back to an empty form. A call that rings or is talked on stays in view. */
  reset(): void {
    this.#call.reset();
    this.#form.clear();
  }

  /** The form the element stands in was reset. */
  formResetCallback(): void {
    this.reset();
  }

  /** The form or fieldset the element stands in was disabled or enabled. */
  formDisabledCallback(isDisabled: boolean): void {
    this.#isDisabled = isDisabled;
    this.requestUpdate();
  }

  protected override willUpdate(): void {
    this.#localizer = this.#localize.localizer(this.strings, this.#call.site?.strings, this.#phases.piece?.enPhases);
    this.#form.field.list(this.#localizer.locale, this.defaultCountry);
  }

  protected override render(): TemplateResult {
    const model = this.#model();
    const { name, localizer, site, state } = model;
    const isFallback = state.phase === 'fallback';
    const isBare = isFallback && state.because !== 'closed' && (state.because === 'hidden' || hasFallback(this));
    const view = isFallback ? fallbackView(model) : this.#phases.piece?.phaseView(model);
    const readBack = this.#form.readBack(model);
    const { error } = this.#form;
    const panel = panelView(
      model,
      view,
      {
        field: this.#form.field,
        error: error && {
          at: error.at,
          text: this.#phases.piece?.refusalOf(model, error.problem) ?? localizer.t('error-offline'),
        },
        consent: this.#consent().text,
        privacyUrl: webAddress(this.privacyUrl || site?.privacyUrl),
        termsUrl: webAddress(this.termsUrl || site?.termsUrl),
        readBack: readBack?.shown,
        isDisabled: this.#isDisabled,
        submit: this.#form.onSubmit,
      },
      isBare,
    );
    const told = [
      view?.title,
      name !== 'talking' && view?.detail,
      'lost' in state && state.lost && localizer.t('lost'),
    ];
    return html`
      ${this.#shell.render({ html, localizer, isCalling: state.phase === 'following', isAvailable: !isBare }, panel)}
      <slot ?hidden=${!isFallback}></slot>
      <div class="sr" part="status" role="status" lang=${localizer.locale} dir=${localizer.dir}>
        ${isBare ? nothing : view?.title ? sentence(told) : readBack?.text}
      </div>
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('value') && this.value !== undefined) this.#form.field.fill(this.value);
    const { site, state } = this.#call;
    const { reading, text } = this.#form.field;
    const why =
      this.name && this.#phases.piece?.invalidity(this.#model(), this.#form.field, this.hasAttribute('required'));
    contribute(this, this.#internals, reading?.ok ? reading.e164 : text, why);
    showStates(this.#internals, [
      stateOf(this.#name),
      'lost' in state && state.lost && 'lost',
      site?.sandbox && 'sandbox',
    ]);
  }

  get #name(): PhaseName {
    const { state } = this.#call;
    return state.phase === 'fallback' && state.because === 'closed' ? 'closed' : (stateName(state) as PhaseName);
  }

  #model(): ViewModel {
    return createViewModel(this, this.#call, this.#localizer, this.#name, this.#phases.piece !== undefined, {
      perform: (action) => void this.#perform(action),
      choose: (at) => {
        this.#form.acted();
        void this.#call.chooseSlot(at);
      },
    });
  }

  #consent(): ReturnType<typeof consentOf> {
    return consentOf(this.#localizer, this.#call.site, this.#model().business);
  }

  readonly #perform = async (action: Action): Promise<void> => {
    this.#form.acted();
    const piece = await this.#phases.load();
    piece?.performAction(action, this.#call, {
      reset: () => this.reset(),
      later: () => void this.#form.submit(true),
      save: () => piece.saveContactCard(this.#model()),
    });
  };
}
