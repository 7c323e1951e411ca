// Both npm entries for runtimes with neither a DOM nor Node's conditions (edge workers). Lit's modules need one or the other, so this
// file imports nothing.

/** The element without a DOM: its methods do nothing. */
export class PolyaiCallback {
  async request(): Promise<void> {}
  open(): void {}
  close(): void {}
  reset(): void {}
}

/** Does nothing: there is no registry. */
export function define(): void {}
