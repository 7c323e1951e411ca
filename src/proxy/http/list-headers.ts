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
 * True when an If-None-Match header matches the strong tag of what would be sent: `*` by itself, or the same opaque tag by the weak comparison
 * (RFC 9110 §13.1.2, §8.8.3.2). A reverse proxy that compresses turns strong tags into weak ones. An item that is not a tag is skipped.
 */
export function matchesEtag(header: string | null, etag: string): boolean {
  if (header === null || header.length > maxListLength) return false;
  if (header.trim() === '*') return true;
  const tag = etag.slice(1, -1);
  // Not at commas: a tag may contain them, and `*` as well. Every other part is what a tag's quotes contain.
  const parts = header.split('"');
  return parts.some((part, index) => {
    if (index % 2 === 0 || part !== tag) return false;
    const [before = '', after] = [parts[index - 1], parts[index + 1]];
    return after !== undefined && beginsItem(before, index === 1) && after.split(',', 1)[0]?.trim() === '';
  });
}

/** True when the quotes that follow are those of a tag, strong or weak. */
function beginsItem(before: string, isFirst: boolean): boolean {
  const items = before.split(',');
  const start = items.at(-1)?.trimStart();
  return (isFirst || items.length > 1) && (start === '' || start === 'W/');
}

/** Items without surrounding blanks. */
function listOf(header: string | null): readonly string[] {
  if (header === null || header.length > maxListLength) return [];
  return header.split(',').map((item) => item.trim());
}

/** `q=0`, `q=0.000`: not acceptable. */
function isZeroWeight(parameter: string): boolean {
  const [name = '', value = ''] = parameter.split('=');
  return name.trim() === 'q' && value.trim() !== '' && Number(value) === 0;
}
