// Lit's css-tag module without its fallbacks for browsers that cannot adopt style sheets: the chunks rely on adopted ones anyway. The
// script's build substitutes this module (vite.config.ts); the npm package uses Lit's own.

/** Style sheets in the form that Lit expects in `static styles`. */
export const getCompatibleStyle = (sheet: CSSStyleSheet): CSSStyleSheet => sheet;

/** Adopts the sheets in a shadow root. */
export const adoptStyles = (root: ShadowRoot, sheets: readonly CSSStyleSheet[]): void => {
  root.adoptedStyleSheets = [...sheets];
};

/** Creates a style sheet from CSS text. */
export function unsafeCSS(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}

/** Lit's other exports of this module; the widget uses none of them. */
export const css: undefined = undefined;
export const CSSResult: undefined = undefined;
export const supportsAdoptingStyleSheets = true;
