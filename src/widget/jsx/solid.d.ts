// `<polyai-callback>` in Solid's JSX.

import type { JSX as Solid } from 'solid-js';
import type { PolyaiCallbackProps } from './jsx.js';
import type { PolyaiCallback } from '../polyai-callback.js';

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'polyai-callback': Solid.HTMLAttributes<PolyaiCallback> & PolyaiCallbackProps;
    }
  }
}
