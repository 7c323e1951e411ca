// The element's attributes and properties. Their effect is elsewhere: the element passes them on at each use, so that all
// stay reactive after it was mounted. Declared in a table, because decorators cost every page 300 bytes more.

import { LitElement, type PropertyDeclarations } from 'lit';
import { booleanAttribute, countriesAttribute, recordAttribute } from './internal/attribute-converters.js';
import type { StringOverrides } from './i18n/localizer.js';

/**
 * What a page can set.
 *
 * @attr {number} open-after - Seconds after which the floating form opens automatically; at most once a day, never while the visitor is typing. Off by default, like the other `open-*` attributes.
 * @attr {number} open-at-scroll - Percentage of the page after which it opens automatically.
 * @attr {boolean} open-on-exit - Opens it automatically when the pointer leaves the page at the top.
 * @attr {string} open-on-paths - Opens it automatically, only on these paths: `/pricing /plans/*`.
 */
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

  /** URL of the proxy; by default the one that served the script. */
  declare endpoint: string | undefined;
  /** The number in the field. Set it to fill the field; it follows what the visitor types. */
  declare value: string | undefined;
  /** `inline`: in the page. `floating`: a launcher in a corner. `modal`: a dialog that your own button opens. */
  declare variant: 'inline' | 'floating' | 'modal' | undefined;
  /** Corner of the floating launcher: `bottom-end`, `bottom-start`, `top-end` or `top-start`. */
  declare placement: 'bottom-end' | 'bottom-start' | 'top-end' | 'top-start' | undefined;
  /** Name under which the number is submitted with the surrounding form. */
  declare name: string | undefined;
  /** Name of the page's data layer, such as `dataLayer`, that receives every event. */
  declare dataLayer: string | undefined;
  /** Sends the page's campaign parameters and click IDs with the request. */
  declare attribution: boolean | undefined;
  /** `light`, `dark`, or `auto`, which follows the page's `color-scheme`. */
  declare theme: 'light' | 'dark' | 'auto' | undefined;
  /** Country selected by default, ISO 3166-1 alpha-2. */
  declare defaultCountry: string | undefined;
  /** Narrows the countries that the proxy allows: codes separated by spaces or commas. */
  declare countries: readonly string[] | undefined;
  /** Number a visitor can call instead, as it should be shown: `+1 415 555 0198`. */
  declare phone: string | undefined;
  /** The voice agent's name, used in the text. */
  declare agentName: string | undefined;
  /** Caller ID: the number the agent calls from. */
  declare callerId: string | undefined;
  /** URL of the privacy notice. */
  declare privacyUrl: string | undefined;
  /** URL of the terms. */
  declare termsUrl: string | undefined;
  /** Values for the voice agent; the proxy must allow their keys (`METADATA_KEYS`). Also `data-meta-*`. */
  declare metadata: Readonly<Record<string, string>> | undefined;
  /** Your own text, by string key. */
  declare strings: StringOverrides | undefined;

  /** The first render is a separate task: together with defining the element it would block a slow phone. */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await new Promise((resolve) => setTimeout(resolve));
    await super.scheduleUpdate();
  }
}
