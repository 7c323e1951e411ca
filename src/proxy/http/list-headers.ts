// The two list headers that decide how a file is answered: Accept-Encoding and If-None-Match. Read in one pass without
// patterns, so that the cost of a header is proportional to its length.

/** Longest list header that is read, characters. Browsers send fewer than 200; a longer one counts as absent. */
const maxListLength = 4_096;

/** True when an Accept-Encoding header names the coding and does not give it a weight of zero (RFC 9110 §12.5.3). */
export function acceptsCoding(header: string | null, coding: string): boolean {
  return listOf(header).some((item) => {
    const [name = '', ...parameters] = item.toLowerCase().split(';');
    return name.trim() === coding && !parameters.some(isZeroWeight);
  });
}

/**
 * True when an If-None-Match header matches the tag of what would be sent: `*`, or the same opaque tag by the weak comparison
 * (RFC 9110 §13.1.2, §8.8.3.2). A reverse proxy that compresses turns strong tags into weak ones.
 */
export function matchesEtag(header: string | null, etag: string): boolean {
  const tag = opaque(etag);
  return listOf(header).some((item) => item === '*' || opaque(item) === tag);
}

/** Items without surrounding blanks. A tag that contains a comma would be split and match nothing; ours contain none. */
function listOf(header: string | null): readonly string[] {
  if (header === null || header.length > maxListLength) return [];
  return header.split(',').map((item) => item.trim());
}

/** `q=0`, `q=0.000`: not acceptable. */
function isZeroWeight(parameter: string): boolean {
  const [name = '', value = ''] = parameter.split('=');
  return name.trim() === 'q' && value.trim() !== '' && Number(value) === 0;
}

const opaque = (tag: string): string => (tag.startsWith('W/') ? tag.slice(2) : tag);
