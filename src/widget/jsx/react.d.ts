// `<polyai-callback>` in React's JSX.

import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { PolyaiCallbackProps } from './jsx.js';
import type { PolyaiCallback } from '../polyai-callback.js';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'polyai-callback': DetailedHTMLProps<HTMLAttributes<PolyaiCallback>, PolyaiCallback> & PolyaiCallbackProps;
    }
  }
}
