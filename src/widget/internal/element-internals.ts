// Small questions and answers between the element and its page.

/** True when the page put something between the tags that can be shown in place of the element. */
export const hasFallback = (host: Element): boolean =>
  [...host.childNodes].some((node) =>
    node instanceof Element
      ? !node.slot && node.localName !== 'script'
      : node.nodeType === 3 && !!node.nodeValue?.trim(),
  );

/** Shows the states that CSS can ask for with `:state()`, and no others. */
export function showStates({ states }: ElementInternals, names: readonly (string | false | undefined)[]): void {
  // Absent in browsers of before 2024; the first that had them wanted names with two dashes and throw.
  try {
    states.clear();
    for (const name of names) if (name) states.add(name);
  } catch {
    // The parts `phase-…` say the same.
  }
}

/** The custom state of a phase: its name, except for two that have always had another. */
export const stateOf = (name: string): string => (name === 'form' ? 'idle' : name === 'asking' ? 'submitting' : name);

/** Passes the number to the surrounding form; `why`: the validation message, if it must not be submitted. */
export function contribute(host: Element, internals: ElementInternals, value: string, why: string | undefined): void {
  internals.setFormValue(value || null);
  const field = host.shadowRoot?.querySelector<HTMLElement>('#phone') ?? undefined;
  internals.setValidity(why ? { customError: true } : {}, why, field);
}
