// Every connected element of the page, also those inside shadow roots, where no selector of the document finds them.

/** What others may know of an element. */
export interface ConnectedElement extends HTMLElement {
  readonly endpoint: string | undefined;
  readonly variant: string | undefined;
  open(): void;
}

/** In the order in which they were connected. */
export const connectedElements: Set<ConnectedElement> = new Set();
