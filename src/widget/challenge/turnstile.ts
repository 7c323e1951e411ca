// Cloudflare Turnstile in the page, only if the operator has chosen it. Its iframe does not work inside a shadow root, so it
// is put between the element's tags, into the slot named `challenge`. The proxy verifies the token.

/** Turnstile's script, with explicit rendering. Pages with a content security policy must allow its origin in script-src and frame-src. */
export const turnstileScript = 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit';

/** The action the token is bound to; the proxy refuses any other. */
export const turnstileAction = 'call';

/** The part of `window.turnstile` that is used. Source: developers.cloudflare.com/turnstile/get-started/client-side-rendering. */
export interface Turnstile {
  render(
    container: HTMLElement,
    options: {
      readonly sitekey: string;
      readonly action: string;
      readonly appearance: 'interaction-only';
      readonly size: 'flexible';
      readonly language?: string;
      readonly callback: (token: string) => void;
      /** True: handled, so that nothing is written to the console. */
      readonly 'error-callback': () => boolean;
      readonly 'expired-callback': () => void;
      readonly 'timeout-callback': () => void;
      readonly 'unsupported-callback': () => void;
    },
  ): string | null | undefined;
  remove(id: string): void;
}

/**
 * Shows Turnstile in `host`'s light DOM and resolves with its token. Removes everything afterwards. Rejects with the signal's
 * reason when it aborts, and with an error when the script cannot be loaded or the widget gives up.
 */
export async function renderTurnstile(host: HTMLElement, siteKey: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const turnstile = await Promise.race([loadTurnstile(host.ownerDocument), aborted(signal)]);
  signal.throwIfAborted();
  const container = host.ownerDocument.createElement('div');
  container.slot = 'challenge';
  host.append(container);
  let id: string | null | undefined;
  try {
    return await Promise.race([
      aborted(signal),
      new Promise<string>((resolve, reject) => {
        const fail = (): true => {
          reject(new Error('Turnstile gave no token'));
          return true;
        };
        const language = host.closest<HTMLElement>('[lang]')?.lang;
        id = turnstile.render(container, {
          sitekey: siteKey,
          action: turnstileAction,
          appearance: 'interaction-only',
          size: 'flexible',
          ...(language !== undefined && language !== '' && { language: language.toLowerCase() }),
          callback: resolve,
          'error-callback': fail,
          'expired-callback': fail,
          'timeout-callback': fail,
          'unsupported-callback': fail,
        });
        if (id === null || id === undefined) fail();
      }),
    ]);
  } finally {
    if (typeof id === 'string') turnstile.remove(id);
    container.remove();
  }
}

let loading: Promise<Turnstile> | undefined;

/** One script for all elements of a page; one that failed is forgotten, so that the next press tries again. */
function loadTurnstile(page: Document): Promise<Turnstile> {
  const present = turnstileOf(page);
  if (present !== undefined) return Promise.resolve(present);
  loading ??= new Promise<Turnstile>((resolve, reject) => {
    const script = page.createElement('script');
    const fail = (): void => {
      script.remove();
      reject(new Error('Turnstile could not be loaded'));
    };
    script.async = true;
    script.onerror = fail;
    script.onload = () => {
      const turnstile = turnstileOf(page);
      if (turnstile === undefined) fail();
      else resolve(turnstile);
    };
    script.src = turnstileScript;
    page.head.append(script);
  }).finally(() => {
    loading = undefined;
  });
  return loading;
}

const turnstileOf = (page: Document): Turnstile | undefined =>
  (page.defaultView as { turnstile?: Turnstile } | null)?.turnstile;

/** Rejects when `signal` aborts. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
