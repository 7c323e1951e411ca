// Which script tag this is, also where the page cannot say: `document.currentScript` is only there while a classic script first
// runs, and not when a tag manager cloned the script or the page loads it as a module.

/** The tag; null where the page has bundled the script into something else. */
export const scriptTag: HTMLScriptElement | null =
  (document.currentScript as HTMLScriptElement | null) ?? document.querySelector('script[src*="/polyai-callback."]');

/** The script's URL, beside which its chunks lie; the page's own where it is unknown. */
export const scriptUrl: string = scriptTag?.src || location.href;
