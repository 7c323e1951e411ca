// Types of the element in JSX. Nothing here runs; `jsx/react`, `jsx/preact` and `jsx/solid` extend each framework, `jsx/global`
// tools that look for a global `JSX` namespace.

import type { LitElement } from 'lit';
import type { CallbackProperties } from '../polyai-callback.properties.js';
import type { PolyaiCallbackEventName, PolyaiCallbackEvents } from '../internal/events.js';
import type { PolyaiCallback } from '../polyai-callback.js';

type Own = Omit<CallbackProperties, keyof HTMLElement | keyof LitElement>;

/** Properties, attributes and events of `<polyai-callback>`, in addition to what every element has. */
export type PolyaiCallbackProps = {
  readonly [Name in keyof Own]?: Own[Name] | undefined;
} & {
  readonly 'data-layer'?: string | undefined;
  readonly 'default-country'?: string | undefined;
  readonly 'agent-name'?: string | undefined;
  readonly 'caller-id'?: string | undefined;
  readonly 'privacy-url'?: string | undefined;
  readonly 'terms-url'?: string | undefined;
} & {
  readonly [Name in PolyaiCallbackEventName as `on${Name}` | `on:${Name}`]?:
    | ((event: PolyaiCallbackEvents[Name]) => void)
    | undefined;
};

/** For a framework not listed here: let its `JSX.IntrinsicElements` extend this. */
export interface PolyaiCallbackElements {
  'polyai-callback': PolyaiCallbackProps & {
    readonly children?: unknown;
    readonly class?: string | undefined;
    readonly id?: string | undefined;
    readonly lang?: string | undefined;
    readonly ref?: unknown;
    readonly slot?: string | undefined;
  };
}

export type { PolyaiCallback };
