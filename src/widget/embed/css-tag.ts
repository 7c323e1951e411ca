// Lit's css-tag module without its ways around browsers that cannot adopt style sheets: the chunks adopt theirs anyway. The build of
// the script substitutes this module (vite.config.ts); in the npm package Lit's own is used.

/** Style sheets as Lit finds them in `static styles`. */
export const getCompatibleStyle = (sheet: CSSStyleSheet): CSSStyleSheet => sheet;

/** Gives a shadow root its sheets. */
export const adoptStyles = (root: ShadowRoot, sheets: readonly CSSStyleSheet[]): void => {
  root.adoptedStyleSheets = [...sheets];
};

/** The sheet of a text. */
export function unsafeCSS(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}

/** What else Lit exports from there; the widget uses none of it. */
export const css: undefined = undefined;
export const CSSResult: undefined = undefined;
export const supportsAdoptingStyleSheets = true;
