// The element's style sheet as Lit adopts it. Separate from its text, because the build keeps the whitespace in a file that says
// `unsafeCSS`; not with Lit's own tag, which guards against interpolated values, of which there are none, and costs 140 bytes.

import { type CSSResult, unsafeCSS } from 'lit';
import { styles } from './polyai-callback.styles.js';

/** The styles of the first load. */
export const sheet: CSSResult = unsafeCSS(styles);
