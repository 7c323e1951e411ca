// Finds the widget's own script tag, even where the page cannot provide it: `document.currentScript` exists only while a classic
// script first runs, and not when a tag manager cloned the script or the page loads it as a module.

/** The tag; null if the page bundled the script into something else. */
export const scriptTag: HTMLScriptElement | null =
  (document.currentScript as HTMLScriptElement | null) ?? document.querySelector('script[src*="/polyai-callback."]');

/** The script's URL, next to which its chunks are; the page's own where it is unknown. */
export const scriptUrl: string = scriptTag?.src || location.href;
