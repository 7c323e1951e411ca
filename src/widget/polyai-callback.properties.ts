// The element's attributes and properties. What they do is elsewhere: the element passes them on at each use, so that all
// stay reactive after it was mounted. Declared in a table, because decorators cost every page 300 bytes more.

import { LitElement, type PropertyDeclarations } from 'lit';
import { booleanAttribute, countriesAttribute, recordAttribute } from './internal/attribute-converters.js';
import type { StringOverrides } from './i18n/localizer.js';

/** What a page can set. */
export abstract class CallbackProperties extends LitElement {
  static override readonly properties: PropertyDeclarations = {
    endpoint: {},
    value: {},
    variant: { reflect: true },
    placement: {},
    theme: { reflect: true },
    name: { reflect: true },
    dataLayer: { attribute: 'data-layer' },
    attribution: { converter: booleanAttribute },
    defaultCountry: { attribute: 'default-country' },
    countries: { converter: countriesAttribute },
    phone: {},
    agentName: { attribute: 'agent-name' },
    callerId: { attribute: 'caller-id' },
    privacyUrl: { attribute: 'privacy-url' },
    termsUrl: { attribute: 'terms-url' },
    metadata: { converter: recordAttribute },
    strings: { attribute: false },
  };

  /** Address of the proxy; by default where the script came from. */
  declare endpoint: string | undefined;
  /** The number in the field: set it to fill the field; it is the visitor's own as soon as they type. */
  declare value: string | undefined;
  /** `inline` in the text, `floating` with a launcher in a corner, `modal` when something opens it. */
  declare variant: 'inline' | 'floating' | 'modal' | undefined;
  /** Corner of the floating launcher: `bottom-end`, `bottom-start`, `top-end` or `top-start`. */
  declare placement: 'bottom-end' | 'bottom-start' | 'top-end' | 'top-start' | undefined;
  /** Name under which the number goes along with the form the element stands in. */
  declare name: string | undefined;
  /** Name of the page's data layer, such as `dataLayer`, that hears of every event. */
  declare dataLayer: string | undefined;
  /** Sends the page's campaign parameters and click ids along. */
  declare attribution: boolean | undefined;
  /** `light`, `dark`, or `auto`: what the page's `color-scheme` says. */
  declare theme: 'light' | 'dark' | 'auto' | undefined;
  /** Country chosen at first, ISO 3166-1 alpha-2. */
  declare defaultCountry: string | undefined;
  /** Narrows the countries that the proxy allows: codes divided by spaces or commas. */
  declare countries: readonly string[] | undefined;
  /** Number to call instead. */
  declare phone: string | undefined;
  /** The agent's name in the sentences. */
  declare agentName: string | undefined;
  /** Number the agent calls from. */
  declare callerId: string | undefined;
  /** Address of the privacy notice. */
  declare privacyUrl: string | undefined;
  /** Address of the terms. */
  declare termsUrl: string | undefined;
  /** Values for the agent, which the proxy must allow (`METADATA_KEYS`); also `data-meta-*`. */
  declare metadata: Readonly<Record<string, string>> | undefined;
  /** Sentences in other words, by their keys. */
  declare strings: StringOverrides | undefined;

  /** The first rendering is a task of its own: together with defining the element it would hold up a slow phone. */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await new Promise((resolve) => setTimeout(resolve));
    await super.scheduleUpdate();
  }
}
