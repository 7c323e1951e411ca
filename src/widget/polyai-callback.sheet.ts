// The element's style sheet as Lit adopts it. Apart from its text, because the build leaves the space in a file that says
// `unsafeCSS`; not by Lit's own tag, which guards against values in the text, of which there are none, and weighs 140 bytes.

import { type CSSResult, unsafeCSS } from 'lit';
import { styles } from './polyai-callback.styles.js';

/** What the first load looks like. */
export const sheet: CSSResult = unsafeCSS(styles);
