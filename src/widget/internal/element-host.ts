// The element a controller belongs to. Types only.

import type { ReactiveControllerHost } from 'lit';

/** A Lit element as its controllers see it: an element that can be re-rendered. */
export type ElementHost = ReactiveControllerHost & HTMLElement;
