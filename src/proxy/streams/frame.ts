// An event as bytes, encoded once for all its readers: plain, and as one chunk of a chunked HTTP body.

/** One event or comment, ready to be written. */
export interface Frame {
  readonly text: Uint8Array;
  /** The same, as one chunk (RFC 9112 §7.1). */
  readonly chunk: Uint8Array;
}

/** Encodes a text as a frame. */
export function frameOf(text: string): Frame {
  const bytes = Buffer.byteLength(text);
  const size = `${bytes.toString(16)}\r\n`;
  const chunk = Buffer.from(`${size}${text}\r\n`);
  return { text: chunk.subarray(size.length, size.length + bytes), chunk };
}

/** The end of a chunked body. */
export const lastChunk: Uint8Array = Buffer.from('0\r\n\r\n');
