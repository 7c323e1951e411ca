// The phone metadata the proxy serves for some countries, as size.ts weighs it.

/** The slice as sent, or null while nothing in the project makes one. */
export async function metadataSlice(_countries: readonly string[]): Promise<Uint8Array | null> {
  return null;
}
