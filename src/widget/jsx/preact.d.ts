// `<polyai-callback>` in Preact's JSX.

import type { HTMLAttributes } from 'preact';
import type { PolyaiCallbackProps } from './jsx.js';
import type { PolyaiCallback } from '../polyai-callback.js';

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'polyai-callback': HTMLAttributes<PolyaiCallback> & PolyaiCallbackProps;
    }
  }
}
