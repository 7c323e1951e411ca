// The hosted pages of CAMPAIGNS_FILE as files in memory, created once at startup: `/c/<slug>`, its form for a frame, and its QR
// code as SVG and PNG. Without the setting there are no pages, and this folder is not loaded.

import { generate } from 'lean-qr';
import { toPngBuffer } from 'lean-qr/extras/node_export';
import { toSvgSource } from 'lean-qr/extras/svg';
import type { Campaigns } from '../config/files/campaigns-file.js';
import type { ProxyConfig } from '../config/config.js';
import type { Assets } from '../static/assets.js';
import { compressed, etagOf, type StaticFile } from '../static/static-file.js';
import { campaignFrame, campaignPage, type CampaignPage } from './campaign-page.js';

/** Width of the light border, in modules, around a QR code (ISO/IEC 18004: at least four). */
const quietZone = 4;
/** Pixels per module of a QR code: enough to print it at 2.5 cm. */
const pixelsPerModule = 12;
const turnstile = 'https://challenges.cloudflare.com';

/** Creates the files. */
export function hostedPages(
  campaigns: Campaigns,
  { origins, site, challenge }: Pick<ProxyConfig, 'origins' | 'site' | 'challenge'>,
): Assets {
  const files = new Map<string, StaticFile>();
  const context = { url: campaigns.url, phone: site.phone, business: site.business };
  const framesOf = (embedOn: readonly string[]): string => ["'self'", ...origins, ...embedOn].join(' ');
  for (const campaign of campaigns.pages) {
    const path = `/c/${campaign.slug}`;
    const policyOf = (page: CampaignPage, ancestors: string): string => {
      const extra = challenge.kind === 'turnstile' ? ` ${turnstile}` : '';
      return [
        "default-src 'none'",
        `script-src 'self'${extra}`,
        `style-src 'sha256-${page.styleHash}'`,
        'img-src data:',
        "connect-src 'self'",
        "worker-src 'self' blob:",
        ...(extra === '' ? [] : [`frame-src${extra}`]),
        "base-uri 'self'",
        "form-action 'none'",
        `frame-ancestors ${ancestors}`,
      ].join('; ');
    };
    const whole = campaignPage(campaign, context);
    const frame = campaignFrame(campaign, context);
    files.set(path, htmlFile(whole, policyOf(whole, "'none'")));
    files.set(`${path}/frame`, htmlFile(frame, policyOf(frame, framesOf(campaign.embedOn))));
    const code = generate(`${campaigns.url}${path}`);
    const svg = toSvgSource(code, { pad: quietZone, xmlDeclaration: true, on: '#000', off: '#fff' });
    files.set(`${path}/qr.svg`, binaryFile(new TextEncoder().encode(svg), 'image/svg+xml'));
    const png = toPngBuffer(code, { pad: quietZone, scale: pixelsPerModule, on: [0, 0, 0], off: [255, 255, 255] });
    files.set(`${path}/qr.png`, binaryFile(png, 'image/png'));
  }
  return files;
}

function htmlFile({ html }: CampaignPage, policy: string): StaticFile {
  const body = Uint8Array.from(new TextEncoder().encode(html));
  return {
    body,
    ...compressed(body),
    type: 'text/html; charset=utf-8',
    cacheControl: 'public, max-age=60',
    etag: etagOf(body),
    headers: { 'Content-Security-Policy': policy, 'Referrer-Policy': 'strict-origin-when-cross-origin' },
  };
}

function binaryFile(content: Uint8Array, type: string): StaticFile {
  const body = Uint8Array.from(content);
  return { body, type, cacheControl: 'public, max-age=3600', etag: etagOf(body), headers: sandboxed };
}

/** An image opened directly in a browser must not run anything. */
const sandboxed = {
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'cross-origin',
};
