// The numbers for which the fake produces one outcome each. All come from ranges that regulators set aside for fiction, and all are
// valid to libphonenumber-js/max: US and Canada 555-01xx (NANPA), UK 020 7946 0xxx (Ofcom, "numbers for drama"), Australia 0491 570 xxx
// (ACMA), France 01 99 00 xx xx (ARCEP), Germany 030 23125 xxx (BNetzA), Sweden 070-174 06 05..54 (PTS).

import { completes, endsIn, errorAnswer, statusFault, type Script, slowed, stuckIn, triggerFault } from './script.js';

/** A number and what a call to it demonstrates. */
export interface TestNumber {
  /** E.164. */
  readonly number: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** One short English phrase for the list on the demo page. */
  readonly shows: string;
}

interface ScriptedNumber extends TestNumber {
  readonly script: Script;
}

/** The number for which the sandbox shows the refusal at a limit. The proxy refuses it before the fake is called; a call to it would complete. */
export const limitTestNumber = '+14155550112';

const garbage = { kind: 'answer', status: 200, body: '\u0000\u0001}{ not json', headers: {} } as const;

const shown: readonly ScriptedNumber[] = [
  { number: '+14155550100', country: 'US', shows: 'answered and completed', script: completes },
  { number: '+14155550101', country: 'US', shows: 'no answer', script: endsIn('no-answer') },
  { number: '+14155550102', country: 'US', shows: 'busy', script: endsIn('busy', 5_000) },
  { number: '+14155550103', country: 'US', shows: 'failed', script: endsIn('failed', 4_000) },
  { number: '+14155550104', country: 'US', shows: 'canceled', script: endsIn('cancelled', 6_000) },
  { number: '+14155550105', country: 'US', shows: 'stuck in the queue', script: stuckIn('queued') },
  {
    number: '+14155550106',
    country: 'US',
    shows: 'slow: each phase takes four times as long',
    script: slowed(completes, 4),
  },
  {
    number: '+14155550107',
    country: 'US',
    shows: 'PolyAI returns 500: unclear whether the phone rings',
    script: triggerFault(errorAnswer(500, 'failed to queue call', 'internal_error'), false),
  },
  {
    number: '+14155550108',
    country: 'US',
    shows: 'PolyAI never responds: unclear whether the phone rings',
    script: triggerFault({ kind: 'hang' }, true),
  },
  {
    number: '+14155550109',
    country: 'US',
    shows: 'PolyAI returns garbage: unclear whether the phone rings',
    script: triggerFault(garbage, true),
  },
  {
    number: '+14155550110',
    country: 'US',
    shows: 'PolyAI doesn’t know the call for the first 10 seconds, then it completes',
    script: statusFault(errorAnswer(404, 'call not found', 'not_found'), 10_000),
  },
  {
    number: '+14155550111',
    country: 'US',
    shows: 'PolyAI’s own rate limit is reached (429)',
    script: triggerFault(errorAnswer(429, 'rate limit exceeded', 'rate_limited', { 'Retry-After': '30' }), false),
  },
  { number: limitTestNumber, country: 'US', shows: 'refused: the visitor limit is reached', script: completes },
  { number: '+16135550100', country: 'CA', shows: 'answered and completed', script: completes },
  { number: '+442079460000', country: 'GB', shows: 'answered and completed', script: completes },
  { number: '+442079460001', country: 'GB', shows: 'no answer', script: endsIn('no-answer') },
  { number: '+442079460002', country: 'GB', shows: 'busy', script: endsIn('busy', 5_000) },
  { number: '+61491570156', country: 'AU', shows: 'answered and completed', script: completes },
  { number: '+61491570157', country: 'AU', shows: 'no answer', script: endsIn('no-answer') },
  { number: '+33199000001', country: 'FR', shows: 'answered and completed', script: completes },
  { number: '+33199000002', country: 'FR', shows: 'failed', script: endsIn('failed', 4_000) },
  { number: '+493023125000', country: 'DE', shows: 'answered and completed', script: completes },
  { number: '+493023125001', country: 'DE', shows: 'no answer', script: endsIn('no-answer') },
  { number: '+46701740605', country: 'SE', shows: 'answered and completed', script: completes },
];

const html502 = {
  kind: 'answer',
  status: 502,
  body: '<html><body><h1>502 Bad Gateway</h1></body></html>',
  headers: { 'Content-Type': 'text/html' },
} as const;

const withId = (id: unknown): Script => triggerFault({ kind: 'id', id }, true);

const statusBody = (body: unknown): Script =>
  statusFault({
    kind: 'answer',
    status: 200,
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
  });

const faulty: readonly ScriptedNumber[] = [
  ['00', 'trigger: 502 with HTML', triggerFault(html502, true)],
  ['01', 'trigger: truncated', triggerFault({ kind: 'truncate' }, true)],
  ['02', 'trigger: id of a wrong shape', withId('CALL-1')],
  ['03', 'trigger: a body of 10 MB', triggerFault({ kind: 'flood', bytes: 10_000_000 }, true)],
  ['04', 'trigger: a gzip bomb', triggerFault({ kind: 'gzip-bomb', bytes: 50_000_000 }, true)],
  ['05', 'trigger: one byte a second', triggerFault({ kind: 'drip', everyMs: 1_000 }, true)],
  ['06', 'trigger: reset after the request was read', triggerFault({ kind: 'reset' }, true)],
  [
    '07',
    'trigger: redirected to another host',
    triggerFault({ kind: 'answer', status: 307, body: '', headers: { Location: 'http://localhost:9/' } }, true),
  ],
  ['08', 'trigger: an id that climbs out of the path', withId('OUT-../../admin')],
  ['09', 'trigger: an id that is a number', withId(17)],
  [
    '10',
    'trigger: 503 with an absurd Retry-After',
    triggerFault(errorAnswer(503, 'busy', 'busy', { 'Retry-After': '1e99' }), true),
  ],
  [
    '11',
    'trigger: 429 with an absurd Retry-After',
    triggerFault(errorAnswer(429, 'busy', 'busy', { 'Retry-After': '999999999' }), false),
  ],
  [
    '12',
    'status: words nobody documented',
    { steps: [...completes.steps.slice(0, 2), { status: 'levitating', atMs: 2_000 }] },
  ],
  ['13', 'status: garbage', statusFault(garbage)],
  [
    '14',
    'status: 500 for ten minutes, then fine',
    statusFault(errorAnswer(500, 'internal', 'internal_error'), 600_000),
  ],
  ['15', 'status: always 404', statusFault(errorAnswer(404, 'call not found', 'not_found'))],
  ['16', 'status: 502 with HTML', statusFault(html502)],
  ['17', 'status: a body of 10 MB', statusFault({ kind: 'flood', bytes: 10_000_000 })],
  ['18', 'status: hangs', statusFault({ kind: 'hang' })],
  ['19', 'status: wrong types everywhere', statusBody({ status: 7, event_history: 'none' })],
  ['20', 'status: the credential stopped working', statusFault(errorAnswer(401, 'unauthorized', 'unauthorized'))],
  ['21', 'trigger: 400', triggerFault(errorAnswer(400, 'invalid phone number', 'bad_request'), false)],
  ['22', 'trigger: 401', triggerFault(errorAnswer(401, 'unauthorized', 'unauthorized'), false)],
  ['23', 'trigger: 403', triggerFault(errorAnswer(403, 'forbidden', 'forbidden'), false)],
  ['24', 'trigger: 404', triggerFault(errorAnswer(404, 'no such project', 'not_found'), false)],
  ['25', 'trigger: 422', triggerFault(errorAnswer(422, 'unprocessable', 'unprocessable'), false)],
  ['26', 'trigger: 413', triggerFault(errorAnswer(413, 'too large', 'too_large'), false)],
  ['27', 'never progresses: created and no further', stuckIn('CREATED')],
  ['28', 'trigger: no content', triggerFault({ kind: 'answer', status: 204, body: '', headers: {} }, true)],
].map(([ending, shows, script]) => ({
  number: `+121255501${ending as string}`,
  country: 'US',
  shows: shows as string,
  script: script as Script,
}));

const listed = ({ number, country, shows }: ScriptedNumber): TestNumber => ({ number, country, shows });

/** What a visitor can try, in the order of the demo page's list. */
export const testNumbers: readonly TestNumber[] = shown.map(listed);

/** For tests only: every way in which an upstream fails. */
export const faultNumbers: readonly TestNumber[] = faulty.map(listed);

/** The script of a number; calls to any number that is not in the tables complete. */
export const scriptOf = (number: string): Script => scripts.get(number) ?? completes;

const scripts = new Map([...shown, ...faulty].map(({ number, script }) => [number, script]));
const everyScript: readonly Script[] = [completes, ...scripts.values()];

/** The number of one of these scripts, for {@link scriptByNumber}; undefined for any other script. */
export function numberOfScript(script: Script): number | undefined {
  const index = everyScript.indexOf(script);
  return index === -1 ? undefined : index;
}

/** The script with that number. */
export const scriptByNumber = (number: number): Script | undefined => everyScript[number];
