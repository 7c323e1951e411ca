// The npm entry `polyai-callback` on a server with Node's conditions: an element that renders nothing of its own, so that the page
// arrives with the fallback content and the visitor's browser renders the form. In Node with a DOM (tests), it is the real element.

import { ReactiveElement } from 'lit';
import { PolyaiCallback as BrowserElement } from '../polyai-callback.js';

/**
 * The element without a DOM. Not a LitElement: a declarative shadow root would have to carry its styles inline, which a strict
 * Content Security Policy forbids, and the browser would have to clear it again.
 */
class ServerElement extends ReactiveElement {
  static readonly formAssociated: boolean = true;
  /** Has no effect on a server. */
  static defaultEndpoint: string | undefined;

  /** Does nothing on a server. */
  async request(): Promise<void> {}

  /** Does nothing on a server. */
  open(): void {}

  /** Does nothing on a server. */
  close(): void {}

  /** Does nothing on a server. */
  reset(): void {}
}

/** The class to register: the server's if there is no document. */
export const PolyaiCallback: typeof BrowserElement =
  typeof document === 'undefined' ? (ServerElement as unknown as typeof BrowserElement) : BrowserElement;
