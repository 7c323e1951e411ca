// OpenTelemetry traces with the official packages, loaded only when an endpoint is configured. One trace per request, with the
// trigger and the durable writes inside it; each status request is a separate trace. A visitor's `traceparent` is not trusted,
// and none is passed on.

import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { proxyVersion } from '../core/version.js';
import type { Observer, Operation } from './observer.js';

/** Where traces are sent. */
export interface TracingOptions {
  /** Base URL of an OTLP/HTTP collector; `/v1/traces` is appended, as OpenTelemetry specifies. */
  readonly endpoint: string;
  /** For tests. */
  readonly exporter?: SpanExporter;
}

/** Traces of one proxy. */
export interface Tracing {
  readonly observer: Observer;
  /** Sends the remaining spans and stops. Never rejects. */
  close(): Promise<void>;
}

/** How long sending the last spans may take, milliseconds: a collector that is down must not hold up a shutdown. */
const closeMs = 2_000;

/** Starts tracing. */
export function createTracing({ endpoint, exporter }: TracingOptions): Tracing {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'polyai-callback-proxy', 'service.version': proxyVersion }),
    spanProcessors: [new BatchSpanProcessor(exporter ?? new OTLPTraceExporter({ url, timeoutMillis: 5_000 }))],
  });
  const tracer = provider.getTracer('polyai-callback-proxy', proxyVersion);
  const current = new AsyncLocalStorage<Span>();

  return {
    observer: {
      async around(operation, work, endingOf) {
        const parent = current.getStore();
        if (!isWorthASpan(operation, parent)) return work();
        const context = parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent);
        const span = tracer.startSpan(
          nameOf(operation),
          { kind: kindOf(operation), attributes: factsOf(operation) },
          context,
        );
        try {
          const result = await current.run(span, work);
          const ending = endingOf(result);
          if (operation.kind === 'request') span.setAttribute('http.response.status_code', Number(ending));
          else span.setAttribute('polyai_callback.outcome', ending);
          if (/^(?:5\d\d|failed|unknown|denied)$/.test(ending)) span.setStatus({ code: SpanStatusCode.ERROR });
          return result;
        } catch (error) {
          // Neither the message nor the stack, because they may quote what was sent.
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      },
      note: () => {},
    },
    async close() {
      const late = new Promise<void>((resolve) => void setTimeout(resolve, closeMs).unref());
      await Promise.race([provider.shutdown().catch(() => {}), late]);
    },
  };
}

/** Health checks and served files are noise; store operations are meaningful only inside a request. */
function isWorthASpan(operation: Operation, parent: Span | undefined): boolean {
  switch (operation.kind) {
    case 'request':
      return operation.route.startsWith('/v1/');
    case 'trigger':
    case 'status':
      return true;
    case 'store':
      return parent !== undefined;
  }
}

function nameOf(operation: Operation): string {
  switch (operation.kind) {
    case 'request':
      return `${operation.method} ${operation.route}`;
    case 'trigger':
      return 'polyai trigger';
    case 'status':
      return 'polyai status';
    case 'store':
      return `store ${operation.verb}`;
  }
}

function kindOf({ kind }: Operation): SpanKind {
  if (kind === 'request') return SpanKind.SERVER;
  return kind === 'store' ? SpanKind.INTERNAL : SpanKind.CLIENT;
}

function factsOf(operation: Operation): Record<string, string> {
  switch (operation.kind) {
    case 'request':
      return { 'http.request.method': operation.method, 'http.route': operation.route };
    case 'store':
      return operation.callId === undefined ? {} : { 'polyai_callback.call_id': operation.callId };
    case 'trigger':
    case 'status':
      return {};
  }
}
