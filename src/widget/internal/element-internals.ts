// Small helpers between the element and its page.

/** True when the page put visible content between the tags that can replace the element. */
export const hasFallback = (host: Element): boolean =>
  [...host.childNodes].some((node) =>
    node instanceof Element
      ? !node.slot && node.localName !== 'script'
      : node.nodeType === 3 && !!node.nodeValue?.trim(),
  );

/** What connects the element to forms and to `:state()`; undefined if a forced registry polyfill prevents it. */
export function internalsOf(host: HTMLElement): ElementInternals | undefined {
  try {
    return host.attachInternals();
  } catch {
    return undefined;
  }
}

/** Sets the states that CSS can match with `:state()`, and no others. */
export function showStates(
  internals: ElementInternals | undefined,
  names: readonly (string | false | undefined)[],
): void {
  // Missing in browsers from before 2024; the first to have them required names with two dashes and throw.
  try {
    const { states } = internals as ElementInternals;
    states.clear();
    for (const name of names) if (name) states.add(name);
  } catch {
    // The `phase-…` parts expose the same.
  }
}

/** The custom state of a phase: its name, except that of the form. */
export const stateOf = (name: string): string => (name === 'form' ? 'idle' : name);

/** Passes the number to the surrounding form; `why`: the validation message, if it must not be submitted. */
export function contribute(
  host: Element,
  internals: ElementInternals | undefined,
  value: string,
  why: string | undefined,
): void {
  if (!internals) return;
  internals.setFormValue(value || null);
  const field = host.shadowRoot?.querySelector<HTMLElement>('#phone') ?? undefined;
  internals.setValidity(why ? { customError: true } : {}, why, field);
}
