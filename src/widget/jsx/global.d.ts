// `<polyai-callback>` for tools that look for a global JSX namespace.

import type { PolyaiCallbackElements } from './jsx.js';

declare global {
  namespace JSX {
    interface IntrinsicElements extends PolyaiCallbackElements {}
  }
}

export type { PolyaiCallbackElements, PolyaiCallbackProps } from './jsx.js';
