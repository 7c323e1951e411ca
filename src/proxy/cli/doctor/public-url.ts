// What visitors get at the public URL: TLS, the right proxy behind it, its script, and nothing that caches or buffers.

import type { ProxyConfig } from '../../config/config.js';
import { fullUrl, readTextFile } from '../../config/parse.js';
import { routes } from '../../../contract.js';
import { bad, fine, type Finding, risky } from './finding.js';
import { checkStreaming, type OpenCall } from './streaming.js';

/** Checks the URL; undefined when none was given. `openCall` finds a call whose stream can be followed. */
export async function checkPublicUrl(
  text: string | undefined,
  { origins, sandbox }: Pick<ProxyConfig, 'origins' | 'sandbox'>,
  send: typeof fetch,
  openCall: () => Promise<OpenCall | undefined>,
): Promise<readonly Finding[]> {
  if (text === undefined)
    return sandbox
      ? []
      : [risky('TLS', 'not checked', 'Run doctor --url https://… with the URL that pages use, once it is reachable.')];
  const url = fullUrl(text, readTextFile);
  if (!url.ok)
    return [bad('TLS', `--url is ${JSON.stringify(text)}`, 'Give a full URL, such as https://calls.example.com.')];
  const base = url.value.replace(/\/$/, '');
  const isSecure = base.startsWith('https:');
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    send(base + path, { headers, redirect: 'manual', signal: AbortSignal.timeout(10_000) });
  try {
    const health = await get(routes.health);
    const body = (await health.text()).slice(0, 200);
    if (health.status !== 200 || !body.includes('"alive"'))
      return [
        bad(
          'public URL',
          `${base}${routes.health} answers ${String(health.status)}, and not as this proxy does`,
          'Configure the front to pass every path to the proxy unchanged.',
        ),
      ];
    const findings: Finding[] = [
      isSecure
        ? fine('TLS', `${base} has a valid certificate`)
        : bad(
            'TLS',
            `${base} is not https`,
            'Terminate TLS in front of the proxy (docs/behind-a-proxy.md): numbers and tokens travel over this connection.',
          ),
    ];
    const ready = await get(routes.ready);
    if (ready.status !== 200)
      findings.push(
        bad(
          'ready',
          `${base}${routes.ready} answers ${(await ready.text()).slice(0, 80)}`,
          'Check the proxy’s log: no calls are being placed.',
        ),
      );
    const script = await get(routes.script);
    if (script.status !== 200)
      findings.push(
        risky(
          'script',
          `${base}${routes.script} answers ${String(script.status)}`,
          'Pages cannot load the element from this URL.',
        ),
      );
    for (const origin of origins.slice(0, 1)) {
      const site = await get(routes.site, { Origin: origin });
      const allowed = site.headers.get('access-control-allow-origin');
      if (site.status !== 200 || allowed !== origin)
        findings.push(
          bad(
            'origins',
            `${origin} is not allowed at ${base}`,
            'The proxy behind this URL has different settings, or the front removes the Origin header or the CORS headers.',
          ),
        );
    }
    findings.push(await checkStreaming(base, await openCall(), send));
    return findings;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer';
    return [
      bad(
        isSecure ? 'TLS' : 'public URL',
        `${base} cannot be reached (${code})`,
        'Check DNS, the certificate and the front.',
      ),
    ];
  }
}
