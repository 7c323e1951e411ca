// GET and POST /me: “Who called me? Stop it.” Anybody may opt any number out, so an opt-out ends after 30 days unless it is confirmed,
// and only so many are accepted from one address or network; nobody can use them up for others. The answer is the same, and comes after the same time, whether or not a call to
// the number is stored.

import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CountryCode } from 'libphonenumber-js';
import type { Altcha } from '../challenge/altcha.js';
import type { ProxyConfig } from '../config/config.js';
import type { Clock } from '../core/clock.js';
import type { Log } from '../core/log.js';
import type { VisitorGate } from '../gates/visitor.js';
import { readBytes } from '../http/bounded-body.js';
import type { AppContext, Handler } from '../http/context.js';
import { problemResponse } from '../http/problem.js';
import { withoutMexicanPrefix } from '../secrets/canonical-number.js';
import type { Keyring } from '../secrets/keyring.js';
import type { Consumption, OptOut, Rule, Scope, Store } from '../store/store.js';
import { type OptOutMessage, optOutPage, optOutPolicy } from './opt-out-page.js';

/** Dependencies. */
export interface OptOutDeps {
  readonly config: Pick<ProxyConfig, 'site' | 'countries' | 'homeCountry'>;
  /** Proof of work; undefined where the operator turned challenges off. */
  readonly altcha: Pick<Altcha, 'issue' | 'verify'> | undefined;
  /** Counts requests of an address, separately from calls. */
  readonly visitor: VisitorGate;
  readonly store: Pick<Store, 'optOut'>;
  readonly keyring: Pick<Keyring, 'numberKeys' | 'isToken'>;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly log: Log;
}

const dayMs = 86_400_000;
/** How long an opt-out lasts that nobody has confirmed. */
export const optOutMs: number = 30 * dayMs;
/** Every answer about a number takes this long: neither a slow nor a fast database reveals anything. */
export const answerMs = 400;
/**
 * Opt-outs per day. A mobile carrier's gateway has many people behind it. There is no total: whoever used it up would keep everybody
 * else from opting out. What somebody with many networks can do costs a challenge for each number, and ends after 30 days.
 */
const perDay = { number: 3, address: 20, network: 200 } as const;
const maxFormBytes = 8_192;
const binding = 'opt-out';

const statuses: Readonly<Record<OptOutMessage, number>> = {
  done: 200,
  invalid: 422,
  failed: 403,
  limited: 429,
  unavailable: 503,
};

/** Creates the handlers. */
export function createOptOut(deps: OptOutDeps): { readonly GET: Handler; readonly POST: Handler } {
  const { config, altcha, visitor, store, keyring, clock, log } = deps;
  const { homeCountry } = config;
  const countries = [...new Set([...(homeCountry === undefined ? [] : [homeCountry]), ...config.countries])];

  async function page(c: AppContext, message?: OptOutMessage): Promise<Response> {
    const bindingOf = { site: binding, action: 'call', addressBucket: c.get('address').bucket } as const;
    const isForm = message !== 'done' && message !== 'limited';
    const challenge = isForm ? await altcha?.issue(bindingOf) : undefined;
    const isBusy = isForm && altcha !== undefined && challenge === undefined;
    const shown = isBusy ? 'unavailable' : message;
    const html = optOutPage({
      acceptLanguage: c.req.raw.headers.get('accept-language'),
      business: config.site.business,
      phone: config.site.phone,
      countries,
      challenge,
      ...(shown && { message: shown }),
    });
    return new Response(html, {
      status: shown === undefined ? 200 : statuses[shown],
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': optOutPolicy,
        'Referrer-Policy': 'same-origin',
        'Cache-Control': 'no-store',
        Vary: 'Accept-Language',
      },
    });
  }

  async function read(c: AppContext): Promise<Response> {
    const allowed = visitor.consume(c.get('address'));
    return allowed.allowed ? page(c) : page(c, 'limited');
  }

  async function submit(c: AppContext): Promise<Response> {
    const address = c.get('address');
    if (!isOwnForm(c.req.raw.headers)) return problemResponse(c, { code: 'origin-not-allowed' });
    if (!visitor.check(address).allowed) return page(c, 'limited');
    const bytes = await readBytes(c.req.raw, c.env?.incoming, maxFormBytes);
    if (!bytes.allowed) return problemResponse(c, bytes.problem);
    if (!visitor.consume(address).allowed) return page(c, 'limited');
    const form = new URLSearchParams(Buffer.from(bytes.value).toString('utf8'));
    const e164 = numberOf(form.get('number') ?? '', form.get('country') ?? '');
    if (e164 === undefined) return page(c, 'invalid');
    const solved = await altcha?.verify(form.get('solution') ?? '', {
      site: binding,
      action: 'call',
      addressBucket: address.bucket,
    });
    if (solved?.ok === false) return page(c, solved.because);
    const confirmedBy = provenCall(form.get('call') ?? '');
    const numberKeys = keyring.numberKeys(e164);
    const request: OptOut = {
      numberKeys,
      until: clock.now() + optOutMs,
      challenge: solved && { id: solved.challengeId, expiresAt: solved.expiresAt },
      consumptions: [
        limited('neighbourhood', 'optOutsPerNetwork', keyring.numberKeys(address.networkPrefix), perDay.network),
        limited('address', 'optOutsPerAddress', keyring.numberKeys(address.bucket), perDay.address),
        limited('number', 'optOutsOfNumber', numberKeys, perDay.number),
      ],
      confirmedBy,
    };
    const waited = new Promise<void>((resolve) => clock.after(answerMs, resolve));
    const [outcome] = await Promise.all([store.optOut(request), waited]);
    log.info('opt-out', { requestId: c.get('requestId'), outcome });
    switch (outcome) {
      case 'done':
        return page(c, 'done');
      case 'limited':
        return page(c, 'limited');
      case 'challenge-used':
        return page(c, 'failed');
    }
  }

  /** The call whose capability the form contains, as `<id>.<token>`. */
  function provenCall(text: string): string | undefined {
    const [, id = '', token = ''] = /^([\w-]{1,64})\.([\w-]{1,128})$/.exec(text) ?? [];
    return id !== '' && keyring.isToken(id, token) ? id : undefined;
  }

  return { GET: read, POST: submit };
}

const limited = (scope: Scope, name: string, [key = '', ...aliases]: readonly string[], limit: number): Consumption => {
  const rule: Rule = { kind: limit <= 10 ? 'strict' : 'gcra', limit, windowMs: dayMs };
  return {
    scope,
    key: `${name}:${key}`,
    rule,
    ...(aliases.length > 0 && { aliases: aliases.map((alias) => `${name}:${alias}`) }),
  };
};

/** E.164; undefined for what cannot be a number anywhere. Whether it may be called does not matter. */
function numberOf(text: string, country: string): string | undefined {
  if (text.length > 40) return undefined;
  const defaultCountry = /^[A-Z]{2}$/.test(country) ? { defaultCountry: country as CountryCode } : {};
  const typed = parsePhoneNumberFromString(text, { ...defaultCountry, extract: false });
  const number = typed && parsePhoneNumberFromString(withoutMexicanPrefix(typed.number), { extract: false });
  return number?.isPossible() === true ? number.number : undefined;
}

/** Another site must not opt numbers out with its visitors' browsers, each of which has an address of its own. */
function isOwnForm(headers: Headers): boolean {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers.get('content-type') ?? '');
  const site = headers.get('sec-fetch-site');
  if (site !== null) return isForm && site === 'same-origin';
  const origin = headers.get('origin');
  return isForm && (origin === null || (URL.canParse(origin) && new URL(origin).host === headers.get('host')));
}
