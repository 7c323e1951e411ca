// Whether the right pages may request calls, and whether visitors' addresses are their own.

import type { ProxyConfig } from '../../config/config.js';
import { isLoopbackOrigin } from '../../config/origin-text.js';
import { bad, fine, type Finding, risky } from './finding.js';

/** The allowed origins. */
export function checkOrigins({ origins }: Pick<ProxyConfig, 'origins'>): readonly Finding[] {
  const insecure = origins.filter((origin) => origin.startsWith('http:') && !isLoopbackOrigin(origin));
  const findings = insecure.map((origin) =>
    risky(
      'origins',
      `${origin} is not https`,
      'Serve the page over https: otherwise, a number typed there can be intercepted.',
    ),
  );
  for (const origin of origins) {
    const variant = variantOf(origin);
    if (variant !== undefined && !origins.includes(variant))
      findings.push(
        risky(
          'origins',
          `${origin} is allowed, ${variant} is not`,
          `If pages are served there too, add it to ALLOWED_ORIGINS.`,
        ),
      );
  }
  return findings.length > 0 || origins.length === 0 ? findings : [fine('origins', origins.join(', '))];
}

/** The same site with or without `www`: the usual omission. */
function variantOf(origin: string): string | undefined {
  const { protocol, hostname, port } = new URL(origin);
  const labels = hostname.split('.');
  if (isLoopbackOrigin(origin) || /^[\d.]+$|:/.test(hostname)) return undefined;
  const rest = port === '' ? '' : `:${port}`;
  if (labels[0] === 'www') return `${protocol}//${labels.slice(1).join('.')}${rest}`;
  return labels.length === 2 ? `${protocol}//www.${hostname}${rest}` : undefined;
}

/** Which address counts as the visitor's. */
export function checkProxyTrust({
  trustedProxies,
  host,
  sandbox,
}: Pick<ProxyConfig, 'trustedProxies' | 'host' | 'sandbox'>): readonly Finding[] {
  const isOpen = !['127.0.0.1', '::1', 'localhost'].includes(host);
  switch (trustedProxies.kind) {
    case 'none': {
      const found = `no proxy in front is trusted, and the proxy listens on ${host}`;
      const fix =
        'TLS requires a proxy in front. Set TRUSTED_PROXIES to its address; otherwise, all visitors share one allowance, and the sixth call in an hour is refused.';
      if (sandbox) return [fine('proxy trust', found)];
      return [isOpen ? risky('proxy trust', found, fix) : bad('proxy trust', found, fix)];
    }
    case 'hops': {
      const found = `${String(trustedProxies.hops)} proxies in front are trusted, whoever they are`;
      const fix = 'Make sure this port is reachable only through them, or list their addresses.';
      return [isOpen ? risky('proxy trust', found, fix) : fine('proxy trust', found)];
    }
    case 'ranges':
      return [fine('proxy trust', trustedProxies.ranges.join(', '))];
  }
}
