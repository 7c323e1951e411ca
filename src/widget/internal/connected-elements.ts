// Every connected element of the page, including those inside shadow roots, which no document selector finds.

/** What other modules may know about an element. */
export interface ConnectedElement extends HTMLElement {
  readonly endpoint: string | undefined;
  readonly variant: string | undefined;
  open(): void;
}

/** In the order in which they were connected. */
export const connectedElements: Set<ConnectedElement> = new Set();
