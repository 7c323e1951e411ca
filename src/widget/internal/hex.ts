// Bytes as text, without the built-ins that old libraries replace: Prototype and MooTools have an `Array.from` of their own,
// which ignores its second argument.

/** Lower-case hex, two digits per byte. */
export function hexOf(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += (byte + 256).toString(16).slice(1);
  return hex;
}
