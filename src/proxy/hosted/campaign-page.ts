// The HTML of a campaign's pages: a full page to link to, and a minimal one to embed in a frame. Only produces text; hosted-pages.ts
// decides what is served where.

import { createHash } from 'node:crypto';
import type { Campaign } from '../config/files/campaigns-file.js';

/** The data that both pages share. */
export interface PageContext {
  /** URL of the proxy, without a trailing slash. */
  readonly url: string;
  /** Number to call instead, if the campaign does not set one. */
  readonly phone: string | undefined;
  readonly business: string;
}

/** A page with the hash of its style sheet, for its Content Security Policy. */
export interface CampaignPage {
  readonly html: string;
  readonly styleHash: string;
}

const pageStyle = `:root{color-scheme:light dark;font-family:system-ui,sans-serif;line-height:1.5}
body{margin:0;background:light-dark(#f4f6f8,#101215);color:light-dark(#191b22,#f2f3f6)}
main{box-sizing:border-box;min-block-size:100vh;max-inline-size:calc(var(--polyai-callback-width,25em) + 2rem);margin-inline:auto;padding:clamp(1rem,6vw,4rem) 1rem}
h1{margin:0 0 .75rem;font-size:clamp(1.75rem,6vw,2.5rem);line-height:1.15;text-wrap:balance}
h1+polyai-callback{margin-block-start:1.5rem}
p{margin:0 0 1.5rem;font-size:1.1rem;overflow-wrap:anywhere}
footer{margin-block-start:1.5rem;font-size:.9rem}
a{color:inherit}`;

/** Shows only the element, as wide as the frame, on a transparent background. */
const frameStyle = ':root{color-scheme:light dark;background:none}body{margin:0;padding:2px}';

/** The page behind the campaign's link. */
export function campaignPage(campaign: Campaign, context: PageContext): CampaignPage {
  const address = `${context.url}/c/${campaign.slug}`;
  const { title, description, image } = campaign;
  const tags: readonly (readonly [string, string | undefined])[] = [
    ['og:type', 'website'],
    ['og:title', title],
    ['og:description', description],
    ['og:url', address],
    ['og:image', image],
    ['og:site_name', context.business],
  ];
  const head = [
    ...(description === undefined ? [] : [`<meta name="description" content="${escaped(description)}" />`]),
    ...tags.flatMap(([name, value]) =>
      value === undefined ? [] : [`<meta property="${name}" content="${escaped(value)}" />`],
    ),
    `<meta name="twitter:card" content="${image === undefined ? 'summary' : 'summary_large_image'}" />`,
    `<link rel="canonical" href="${escaped(address)}" />`,
  ];
  const body = `<main>
<h1>${escaped(title)}</h1>
${description === undefined ? '' : `<p>${escaped(description)}</p>\n`}${element(campaign, context)}
<footer>${escaped(context.business)}</footer>
</main>`;
  return page({ campaign, style: pageStyle, head, body, scripts: ['../polyai-callback.js'] });
}

/** The page to embed in a frame on another site. It reports its height and the call's events to that site (src/widget/chunks/frame.ts). */
export function campaignFrame(campaign: Campaign, context: PageContext): CampaignPage {
  return page({
    campaign,
    style: frameStyle,
    head: ['<meta name="robots" content="noindex" />', '<base target="_blank" />'],
    body: element(campaign, context),
    scripts: ['../../polyai-callback.js'],
    module: '../../polyai-callback-frame.js',
  });
}

interface Parts {
  readonly campaign: Campaign;
  readonly style: string;
  readonly head: readonly string[];
  readonly body: string;
  readonly scripts: readonly string[];
  readonly module?: string;
}

function page({ campaign, style, head, body, scripts, module }: Parts): CampaignPage {
  const { lang = 'en', theme = 'auto' } = campaign.attributes;
  const dir = /^(?:ar|he)\b/.test(lang) ? ' dir="rtl"' : '';
  const scheme = theme === 'light' || theme === 'dark' ? `:root{color-scheme:${theme}}` : '';
  const own = Object.entries(campaign.styles).map(([name, value]) => `--polyai-callback-${name}:${value}`);
  const css = `${style}${scheme}polyai-callback{display:block;min-block-size:38em;margin-inline:auto}:root{${own.join(';')}}@media(max-width:26em){polyai-callback{min-block-size:44em}}`;
  const html = `<!doctype html>
<html lang="${escaped(lang)}"${dir}>
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>${escaped(campaign.title)}</title>
${head.join('\n')}
<link rel="icon" href="data:," />
<style>${css}</style>
${scripts.map((source) => `<script async src="${source}"></script>`).join('\n')}
${module === undefined ? '' : `<script type="module" src="${module}"></script>\n`}</head>
<body>
${body}
</body>
</html>
`;
  return { html, styleHash: createHash('sha256').update(css).digest('base64') };
}

/** The element with a link to call instead, for browsers without JavaScript and for times when calls are unavailable. */
function element({ attributes }: Campaign, { phone }: PageContext): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const instead = attributes['phone'] ?? phone;
  const link =
    instead === undefined
      ? ''
      : `<a target="_self" href="tel:${escaped(instead.replace(/[^\d+]/g, ''))}">${escaped(instead)}</a>`;
  return `<polyai-callback${written.join('')}>${link}</polyai-callback>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text between tags, or between double quotes. */
const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => entities[letter] ?? letter);
