// The description of the public API (OpenAPI 3.1). Request bodies are generated from the schemas that validate them, responses
// from schemas typed by the contract, errors from the closed list of problem codes. Loaded on the first request for it.

import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { headers, type ProblemCode, problemStatuses, routes, streamEvents } from '../../contract.js';
import { proxyVersion } from '../core/version.js';
import { maxBodyBytes } from '../http/json-body.js';
import { callSchema, slotsSchema, suppressionSchema } from '../http/request-schemas.js';
import { outcomesPath } from '../outcomes/outcomes-webhook.js';
import { outcomeSchema } from '../outcomes/outcome-schema.js';
import { webhookHeaders } from '../secrets/standard-webhooks.js';
import {
  acceptedSchema,
  challengeSchema,
  problemSchema,
  siteSchema,
  slotsOfferedSchema,
  snapshotSchema,
} from './response-schemas.js';

type Json = Readonly<Record<string, unknown>>;

/** A schema as JSON Schema 2020-12. Checks in code, which it cannot express, are left out: the proxy may refuse more than the schema does. */
function jsonSchemaOf(schema: v.GenericSchema): Json {
  const { $schema: _, ...rest } = toJsonSchema(schema, {
    target: 'draft-2020-12',
    typeMode: 'input',
    errorMode: 'ignore',
  });
  return rest;
}

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Json, description: string, more: Json = {}): Json => ({
  description,
  content: { 'application/json': { schema } },
  ...more,
});

/** Codes that any request can receive. */
const anywhere: readonly ProblemCode[] = ['not-found', 'method-not-allowed', 'request-timeout', 'internal'];
/** Codes for requests from pages. */
const byPages: readonly ProblemCode[] = [...anywhere, 'origin-not-allowed'];
/** Codes for requests with a JSON body. */
const withBody: readonly ProblemCode[] = [
  'invalid-request',
  'body-too-large',
  'unsupported-media-type',
  'shutting-down',
];

/** One response per HTTP status, listing its codes. */
function problems(codes: readonly ProblemCode[]): Json {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set(codes)) {
    const status = problemStatuses[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, list]) => [
        String(status),
        {
          description: list.join(', '),
          content: {
            'application/problem+json': {
              schema: { allOf: [ref('Problem'), { type: 'object', properties: { code: { enum: list } } }] },
            },
          },
          ...(list.some((code) => [408, 409, 429, 503].includes(problemStatuses[code])) && {
            headers: {
              'Retry-After': { description: 'Seconds until another try makes sense.', schema: { type: 'integer' } },
            },
          }),
        },
      ]),
  );
}

const body = (name: string) => ({ required: true, content: { 'application/json': { schema: ref(name) } } }) as const;

const origin: Json = {
  name: 'Origin',
  in: 'header',
  description: 'One of ALLOWED_ORIGINS. Browsers set it; Sec-Fetch-Site: same-origin counts as the proxy’s own pages.',
  schema: { type: 'string' },
};
const id: Json = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const idempotencyKey: Json = {
  name: headers.idempotencyKey,
  in: 'header',
  required: true,
  description:
    'New for each request of a visitor, and the same when that request is sent again. The response to a replay has Idempotency-Replayed: true.',
  schema: { type: 'string', pattern: '^[\\w-]{22,64}$' },
};
const lastEventId: Json = {
  name: headers.lastEventId,
  in: 'header',
  description: 'The newest event that was received; the stream continues after it.',
  schema: { type: 'string' },
};

const signatureHeadersAs = (required: boolean): readonly Json[] =>
  Object.values(webhookHeaders).map((name) => ({ name, in: 'header', required, schema: { type: 'string' } }));
const signatureHeaders = signatureHeadersAs(true);
const optionalSignatureHeaders = signatureHeadersAs(false);

const stream: Json = {
  description: `Server-sent events: ${streamEvents.join(', ')}. Every snapshot is complete; goodbye asks the reader to reconnect after retryMs. A comment every 15 s shows that the stream is alive.`,
  content: { 'text/event-stream': { schema: { type: 'string' } } },
};

const snapshot = json(ref('CallSnapshot'), 'The call as it is now.');
const readCodes: readonly ProblemCode[] = [...byPages, 'store-unavailable'];
const cancelCodes: readonly ProblemCode[] = [...readCodes, 'not-cancellable', 'shutting-down'];

/** The whole document. */
export function openApiDocument(): Json {
  const paths: Json = {
    [routes.site]: {
      get: {
        operationId: 'getSite',
        summary: 'What the element must know before the visitor types. No secrets.',
        parameters: [origin],
        responses: {
          '200': json(ref('Site'), 'Cacheable, with an ETag.'),
          '304': { description: 'Not modified.' },
          ...problems(byPages),
        },
      },
    },
    [routes.challenge]: {
      get: {
        operationId: 'getChallenge',
        summary: 'A challenge to solve. Exists only if the site’s kind is altcha.',
        parameters: [origin],
        responses: {
          '200': json(ref('Challenge'), 'Never cached.'),
          ...problems([...byPages, 'visitor-limit', 'challenge-unavailable']),
        },
      },
    },
    [routes.slots]: {
      post: {
        operationId: 'offerSlots',
        summary: 'When a number may be called. Counts as an attempt.',
        parameters: [origin],
        requestBody: {
          required: true,
          content: {
            ...body('SlotsRequest').content,
            'text/plain; charset=utf-8': {
              schema: {
                type: 'string',
                description: 'The same JSON. A page that sends it as text needs no preflight.',
              },
            },
          },
        },
        responses: {
          '200': json(ref('SlotsOffered'), 'Times that can be chosen.'),
          ...problems([...byPages, ...withBody, 'number-refused', 'visitor-limit', 'store-unavailable']),
        },
      },
    },
    [routes.calls]: {
      post: {
        operationId: 'requestCall',
        summary: 'Requests a call. At most one is placed for each Idempotency-Key.',
        parameters: [origin, idempotencyKey],
        requestBody: body('CallRequest'),
        responses: {
          '202': json(ref('CallAccepted'), 'The call, and its token. The status unknown: the phone may ring.', {
            headers: {
              [headers.idempotencyReplayed]: {
                description: 'true when this is the stored answer.',
                schema: { const: 'true' },
              },
            },
          }),
          ...problems([
            ...byPages,
            ...withBody,
            'idempotency-key-missing',
            'idempotency-key-invalid',
            'idempotency-key-reused',
            'request-in-progress',
            'challenge-required',
            'challenge-failed',
            'challenge-unavailable',
            'consent-required',
            'consent-outdated',
            'number-refused',
            'outside-hours',
            'slot-not-open',
            'visitor-limit',
            'try-later',
            'busy',
            'upstream-rejected',
            'upstream-unavailable',
            'store-unavailable',
            'calls-paused',
          ]),
        },
      },
      get: {
        operationId: 'readCallByToken',
        summary: 'The call of the token (Bearer <id>.<token>), or its stream with Accept: text/event-stream.',
        security: [{ call: [] }],
        parameters: [origin, lastEventId],
        responses: {
          '200': { ...snapshot, content: { ...(snapshot['content'] as Json), ...(stream['content'] as Json) } },
          '204': { description: 'The stream has nothing more to report: the call has ended.' },
          ...problems([...readCodes, 'too-many-streams']),
        },
      },
      patch: {
        operationId: 'redialNowByToken',
        summary: 'Places the second call after a missed one now, instead of at its time. Without a body.',
        security: [{ call: [] }],
        parameters: [origin],
        responses: { '200': snapshot, ...problems(cancelCodes) },
      },
      delete: {
        operationId: 'cancelCallByToken',
        summary: 'Cancels a callback that has not been placed yet.',
        security: [{ call: [] }],
        parameters: [origin],
        responses: { '200': snapshot, ...problems(cancelCodes) },
      },
    },
    [routes.call.replace(':id', '{id}')]: {
      get: {
        operationId: 'readCall',
        summary: 'One call. A wrong id and a wrong token get the same response.',
        security: [{ call: [] }],
        parameters: [id, origin],
        responses: { '200': snapshot, ...problems(readCodes) },
      },
      patch: {
        operationId: 'redialNow',
        summary: 'Places the second call after a missed one now, instead of at its time. Without a body.',
        security: [{ call: [] }],
        parameters: [id, origin],
        responses: { '200': snapshot, ...problems(cancelCodes) },
      },
      delete: {
        operationId: 'cancelCall',
        summary: 'Cancels a callback that has not been placed yet.',
        security: [{ call: [] }],
        parameters: [id, origin],
        responses: { '200': snapshot, ...problems(cancelCodes) },
      },
    },
    [routes.events.replace(':id', '{id}')]: {
      get: {
        operationId: 'followCall',
        summary: 'The call’s progress, live.',
        security: [{ call: [] }],
        parameters: [id, origin, lastEventId],
        responses: {
          '200': stream,
          '204': { description: 'Nothing more to report: the call has ended.' },
          ...problems([...readCodes, 'too-many-streams']),
        },
      },
    },
    [routes.suppressions]: {
      post: {
        operationId: 'suppressNumber',
        summary:
          'A number that must not be called again. Signed according to Standard Webhooks; exists only if WEBHOOK_SECRET is set.',
        parameters: signatureHeaders,
        requestBody: body('Suppression'),
        responses: {
          '204': { description: 'On the list.' },
          ...problems([...anywhere, ...withBody, 'number-refused', 'store-unavailable']),
        },
      },
    },
    [outcomesPath]: {
      post: {
        operationId: 'reportOutcome',
        summary:
          'The outcome of a call, reported by the agent. Signed according to Standard Webhooks (OUTCOMES_SECRET), or with a bearer token (OUTCOMES_TOKEN); exists only if one of them is set.',
        parameters: [
          ...optionalSignatureHeaders,
          { name: 'Authorization', in: 'header', schema: { type: 'string', pattern: '^Bearer ' } },
        ],
        requestBody: body('Outcome'),
        responses: {
          '204': { description: 'Stored with the call. A message whose id was used before changes nothing.' },
          ...problems([...anywhere, ...withBody, 'store-unavailable']),
        },
      },
    },
    [routes.health]: {
      get: {
        operationId: 'isAlive',
        summary: 'The process responds.',
        responses: { '200': json(ref('Health'), 'alive') },
      },
    },
    [routes.ready]: {
      get: {
        operationId: 'isReady',
        summary: 'A call can be placed.',
        responses: {
          '200': json(ref('Health'), 'ready'),
          '503': json(ref('Health'), 'credential-refused, store-unavailable or shutting-down'),
        },
      },
    },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'polyai-callback',
      version: proxyVersion,
      description: `What the element and the proxy exchange. Bodies have at most ${String(maxBodyBytes)} bytes. The proxy may refuse more than the schemas can express, always with one of the problem codes.`,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: {
        call: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token of one call, as POST /v1/calls returned it; `<id>.<token>` where the path has no id.',
        },
      },
      schemas: {
        CallRequest: jsonSchemaOf(callSchema),
        SlotsRequest: jsonSchemaOf(slotsSchema),
        Suppression: jsonSchemaOf(suppressionSchema),
        Outcome: jsonSchemaOf(outcomeSchema([])),
        CallAccepted: jsonSchemaOf(acceptedSchema),
        CallSnapshot: jsonSchemaOf(snapshotSchema),
        SlotsOffered: jsonSchemaOf(slotsOfferedSchema),
        Challenge: jsonSchemaOf(challengeSchema),
        Site: jsonSchemaOf(siteSchema),
        Problem: jsonSchemaOf(problemSchema),
        Health: {
          type: 'object',
          required: ['status'],
          properties: {
            status: { enum: ['alive', 'ready', 'credential-refused', 'store-unavailable', 'shutting-down'] },
          },
        },
      },
    },
  };
}
