// Asks the proxy whether a page may request calls. The proxy compares origins exactly, and so does this.

/** The origin of a page address as somebody typed it; undefined when it is not a valid address. */
export function originOf(typed) {
  const text = typed.trim();
  const url = /^[a-z][a-z+.-]*:/i.test(text) && !/^[\w.-]+:\d/.test(text) ? text : `https://${text}`;
  if (text === '' || !URL.canParse(url)) return undefined;
  const { protocol, hostname, origin } = new URL(url);
  const isHost = hostname === 'localhost' || hostname.includes('.') || hostname.startsWith('[');
  return /^https?:$/.test(protocol) && isHost ? origin : undefined;
}

/** Resolves to a sentence with the proxy's answer and what to do. */
export async function checkPage(origin) {
  if (!origin) return 'Enter the address of your page, such as https://www.example.com/offer.';
  try {
    const answer = await fetch(`configurator/origin?origin=${encodeURIComponent(origin)}`);
    if (!answer.ok) throw new TypeError();
    const { allowed, near } = await answer.json();
    if (allowed) return `Yes. Pages of ${origin} may request calls.`;
    const difference = near ? ` ${near} is allowed, but that is another origin.` : '';
    return `Not yet.${difference} Ask whoever runs the proxy to add ${origin} to ALLOWED_ORIGINS.`;
  } catch {
    return 'The proxy did not answer. Try again, or ask whoever runs it.';
  }
}
