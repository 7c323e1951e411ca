// The element: attributes, slots, parts and the visitor's actions. The controller owns the call, the views render it.

import { type CSSResult, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { countriesAttribute, webAddress } from './internal/attribute-converters.js';
import { FormController } from './form/form-controller.js';
import { CallController } from './call/call-controller.js';
import { CallbackProperties } from './polyai-callback.properties.js';
import { addressOf } from './api/fetch-json.js';
import type { Choice } from './api/result.js';
import { consentOf } from './api/consent.js';
import { LocalizeController } from './i18n/localize-controller.js';
import { InteractionController, type InteractionOptions } from './lazy-interaction.js';
import { sheet } from './polyai-callback.sheet.js';
import { OverlayController } from './lazy-overlay.js';
import { interaction, loadInteraction } from './internal/interaction.js';
import { NearViewportController } from './internal/near-viewport-controller.js';
import { connectedElements } from './internal/connected-elements.js';
import { contribute, hasFallback, internalsOf, showStates, stateOf } from './internal/element-internals.js';
import type { Localizer } from './i18n/localizer.js';
import { fallbackView, sentence } from './views/fallback.js';
import { panelView } from './views/panel.js';
import type { Action } from './call/actions.js';
import { createViewModel, type ViewModel } from './views/view-model.js';

export type * from './types.js';

/**
 * A visitor enters a phone number, gets a call from a voice agent within seconds, and follows the call's real progress here.
 *
 * @summary Requests a call and shows its progress.
 * @slot - Fallback content: shown before the element is defined, when the business is closed, and when calls are unavailable.
 * @slot heading - The form's heading.
 * @slot description - The text under the form's heading.
 * @slot consent - The consent text, with links; its text is sent with the request and kept.
 * @slot success - Under the title when the call has completed, unless the agent reported that it reached a voicemail or the wrong person, or that nobody talked.
 * @slot missed - Under the title when we couldn't reach the visitor.
 * @slot challenge - Holds a challenge that has to be in the page itself (Turnstile); the element fills it.
 * @fires polyai-callback-open - The floating panel or the dialog opened.
 * @fires polyai-callback-close - The floating panel or the dialog closed.
 * @fires polyai-callback-before-call - A call is about to be requested; `preventDefault()` stops it.
 * @fires polyai-callback-requested - The proxy accepted a call.
 * @fires polyai-callback-progress - The call's status changed.
 * @fires polyai-callback-scheduled - A callback was scheduled for a chosen time (`scheduledFor`), or a call waits in the queue (`queue`: its place).
 * @fires polyai-callback-ended - The call ended; fired exactly once for each `-requested`.
 * @fires polyai-callback-outcome - The agent reported the outcome of the call.
 * @fires polyai-callback-refused - The proxy refused the request, for now or for good.
 * @fires polyai-callback-error - The network, the proxy or a chunk of the element failed.
 * @csspart panel - The card; also `phase-<name>` for the phase it is in.
 * @csspart sandbox - The notice that no real phone will ring.
 * @csspart sign - The round icon above the title.
 * @csspart heading - The form's heading, or the title of a phase.
 * @csspart description - The text under it.
 * @csspart form - The form.
 * @csspart label - The label of a control.
 * @csspart country - The country list.
 * @csspart phone - The phone field.
 * @csspart read-back - The number as the form understood it.
 * @csspart error - An error message.
 * @csspart consent - The consent checkbox and its text.
 * @csspart checkbox - The consent checkbox.
 * @csspart link - The links to the privacy notice and the terms.
 * @csspart button - Every button; also named after its action, such as `submit`, `again`, `call-us`, `save`, `call-at`, `queue-join`.
 * @csspart choices - The numbers that the typed digits may be, where the visitor has to pick one.
 * @csspart choice - One of them.
 * @csspart number - The number in the read-back line.
 * @csspart steps - The list of steps a call goes through.
 * @csspart step - One step; also `step-done`, `step-now`, `step-next`, `step-ended`, `step-unknown`.
 * @csspart caller - The caller ID before and while the phone rings.
 * @csspart ready - The box with the caller ID before the phone rings.
 * @csspart phrase - The box with the two words that the agent says first.
 * @csspart phrase-words - The two words.
 * @csspart usually-rings - How soon the phone usually rings.
 * @csspart outcome - What the agent reported after the call.
 * @csspart agreed-title - The heading of what was agreed.
 * @csspart agreed - The list of what was agreed.
 * @csspart appointment-title - The heading of an appointment.
 * @csspart appointment - What the appointment is about.
 * @csspart appointment-time - The time of the appointment.
 * @csspart your-time - The same in the visitor's time zone, where it differs.
 * @csspart links - The list of links that the agent sent.
 * @csspart timer - How long the call has lasted.
 * @csspart countdown - The time left until a scheduled callback.
 * @csspart there - The scheduled time in the phone's time zone, where it differs.
 * @csspart lost - The note that the page is reconnecting.
 * @csspart elsewhere - The note that the call was requested in another tab.
 * @csspart queue - The offer of a place in the queue, with its button.
 * @csspart queue-place - The place and the expected wait.
 * @csspart slots - The list of times.
 * @csspart day - The day above its times.
 * @csspart slot - One time.
 * @csspart launcher - The floating variant's button.
 * @csspart dialog - The panel of the floating and modal variants.
 * @csspart close - Its close button.
 * @csspart never - The button that turns automatic opening off for good.
 * @csspart status - The live region for screen readers.
 * @cssprop --polyai-callback-accent - Main color: buttons, icon, links.
 * @cssprop --polyai-callback-on-accent - Text on the main color.
 * @cssprop --polyai-callback-surface - Background of the card and its fields.
 * @cssprop --polyai-callback-text - Text.
 * @cssprop --polyai-callback-muted - Secondary text.
 * @cssprop --polyai-callback-line - Dividing lines.
 * @cssprop --polyai-callback-control - Borders of fields and buttons.
 * @cssprop --polyai-callback-danger - Errors and missed calls.
 * @cssprop --polyai-callback-success - A completed call.
 * @cssprop --polyai-callback-radius - Corner radius.
 * @cssprop --polyai-callback-shadow - The card's shadow.
 * @cssprop --polyai-callback-font - Font family; the page's own by default.
 * @cssprop --polyai-callback-offset - Distance of the launcher and the floating panel from the edges.
 * @cssprop --polyai-callback-z-index - Stacking order of the launcher; 999 by default, under dialogs and banners.
 * @cssprop --polyai-callback-width - Maximum width.
 * @cssState idle - The form.
 * @cssState submitting - The call is being requested.
 * @cssState ringing - Each phase has a state by its name: checking, confirm-country, choosing, scheduled, requested, created, queued, calling, ringing, talking, completed, no-answer, busy, failed, cancelled, unknown, refused, closed, fallback. `queued` is also the state of a call that waits in the proxy's queue.
 * @cssState lost - The page is reconnecting.
 * @cssState sandbox - No real phone will ring.
 */
export class PolyaiCallback extends CallbackProperties {
  static override readonly styles: CSSResult = sheet;
  /** The number is submitted with the surrounding form. */
  static readonly formAssociated: boolean = true;
  /** The proxy for elements without `endpoint`: where the script came from. */
  static defaultEndpoint: string | undefined;

  readonly #internals: ElementInternals | undefined = internalsOf(this);
  readonly #localize: LocalizeController = new LocalizeController(this);
  readonly #call: CallController = new CallController(this, {
    endpoint: () => this.endpoint || PolyaiCallback.defaultEndpoint,
    context: () => {
      const { locale } = this.#localizer;
      const consent = this.#consent();
      return interaction()?.contextOf(this, locale, consent) ?? { locale, consent };
    },
    // A framework may have set the property to the attribute's text.
    countries: () => countriesAttribute.fromAttribute?.(String(this.countries)) ?? [],
  });
  readonly #form: FormController = new FormController(this, this.#call);
  readonly #overlay: OverlayController = new OverlayController(this, () => {
    // A launcher is always in view; a dialog waits until someone opens it.
    if (this.variant === 'floating') void this.#call.start();
  });
  #localizer: Localizer = this.#localize.localizer();
  #isDisabled = false;

  constructor() {
    super();
    this.addController(new NearViewportController(this, () => void this.#call.start()));
    const isForm = (): boolean => ['form', 'fallback'].includes(this.#call.state.phase);
    const options: InteractionOptions = {
      isNeeded: () => !!this.dataLayer || !isForm(),
      onLoad: (chunk) =>
        chunk.addBehavior(
          this,
          () => this.#model(),
          () => this.dataLayer,
        ),
      // The call cannot be shown: show the page's own content.
      onFail: () => isForm() || this.#call.fail(),
    };
    this.addController(new InteractionController(this, options));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    connectedElements.add(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    connectedElements.delete(this);
  }

  /** Requests a call as if the visitor had pressed the button; a number is filled in first. The visitor must have given consent. */
  async request(phone?: string): Promise<void> {
    await this.updateComplete;
    await this.#call.start();
    if (phone !== undefined) this.#form.field.fill(phone, true);
    await this.#form.submit();
  }

  /** Opens the floating panel or the dialog; moves to the form in the `inline` variant. */
  open(): void {
    void this.#call.start();
    this.#overlay.open();
  }

  /** Closes the floating panel or the dialog. */
  close(): void {
    this.#overlay.close();
  }

  /** Returns to an empty form. A call in progress stays in view. */
  reset(): void {
    this.#call.flow?.end('reset');
    this.#form.clear();
  }

  /** The surrounding form was reset. */
  formResetCallback(): void {
    this.reset();
  }

  /** The browser returns to the page or restores its form: the number is restored. */
  formStateRestoreCallback(state: unknown): void {
    if (typeof state === 'string') this.value = state;
  }

  /** The surrounding form or fieldset was disabled or enabled. */
  formDisabledCallback(isDisabled: boolean): void {
    this.#isDisabled = isDisabled;
    this.requestUpdate();
  }

  protected override willUpdate(): void {
    this.#localizer = this.#localize.localizer(this.strings, this.#call.site?.strings, interaction()?.enPhases);
    this.#form.field.list(this.#localizer.locale, this.defaultCountry);
  }

  protected override render(): TemplateResult {
    const model = this.#model();
    const { name, localizer, site, state } = model;
    const isFallback = state.phase === 'fallback';
    const isBare = isFallback && state.because !== 'closed' && (state.because === 'hidden' || hasFallback(this));
    const chunk = interaction();
    const view = isFallback ? fallbackView(model, hasFallback(this)) : chunk?.phaseView(model);
    const { field, error, isTitleRead } = this.#form;
    const readBack = chunk?.readBackOf(model, field);
    const panel = panelView(
      model,
      view,
      {
        field,
        error: error && {
          at: error.at,
          text: chunk?.refusalOf(model, error.problem) ?? localizer.t('error-offline'),
        },
        consent: this.#consent().text,
        privacyUrl: webAddress(this.privacyUrl || site?.privacyUrl),
        termsUrl: webAddress(this.termsUrl || site?.termsUrl),
        optOutUrl: site?.optOutPath && addressOf(this.#call.endpoint ?? '', site.optOutPath),
        readBack: readBack?.shown,
        isDisabled: this.#isDisabled,
        submit: this.#form.onSubmit,
        change: this.#form.onInput,
      },
      isBare,
    );
    const announcement = [
      !isTitleRead && view?.title,
      name !== 'talking' && view?.detail,
      'lost' in state && state.lost && localizer.t('lost'),
    ];
    return html`
      ${this.#overlay.render({ localizer, isCalling: state.phase === 'following', isAvailable: !isBare }, panel)}
      <slot ?hidden=${!isFallback}></slot>
      <div class="sr" part="status" role="status" lang=${localizer.locale} dir=${localizer.dir}>
        ${isBare ? nothing : view?.title ? sentence(announcement) : readBack?.text}
      </div>
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('value') && this.value !== undefined) this.#form.field.fill(this.value);
    const model = this.#model();
    const { name, site, state } = model;
    const { field } = this.#form;
    const { reader, text } = field;
    const why = this.name && interaction()?.invalidity(model, field, this.hasAttribute('required'));
    contribute(this, this.#internals, reader?.parsed?.ok ? reader.parsed.e164 : text, why);
    showStates(this.#internals, [stateOf(name), 'lost' in state && state.lost && 'lost', site?.sandbox && 'sandbox']);
  }

  #model(): ViewModel {
    const source = {
      page: this,
      call: this.#call,
      field: this.#form.field,
      perform: (action: Action) => void this.#perform(action),
      choose: (choice: Choice) => {
        this.#form.acted();
        void this.#call.flow?.press({ type: 'choose', choice });
      },
    };
    return createViewModel(source, this.#localizer);
  }

  #consent(): ReturnType<typeof consentOf> {
    return consentOf(this.#localizer, this.#call.site, this.#model().business);
  }

  readonly #perform = async (action: Action): Promise<void> => {
    this.#form.acted();
    const chunk = await loadInteraction();
    chunk?.performAction(action, this.#call, {
      reset: () => this.reset(),
      later: () => void this.#form.submit(true),
    });
  };
}
