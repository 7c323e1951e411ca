// Line ends of an event stream: a line feed, a carriage return or both, cut at any byte (WHATWG HTML, 9.2.5). An event is shown
// when its last byte has arrived, not with the next one.

import { expect } from '@open-wc/testing';
import type { CallSnapshot } from '../../../src/contract.js';
import { readStream } from '../../../src/widget/api/event-stream.js';

const call = { id: 'call', status: 'ringing', seq: 2, now: '2026-01-05T10:00:00Z', history: [] };

describe('the line ends of an event stream', () => {
  for (const [name, end] of Object.entries({ 'line feed': '\n', 'carriage return': '\r', both: '\r\n' })) {
    it(`${name}: every event arrives by itself, wherever the stream is cut`, async () => {
      const event = `id: 2${end}event: snapshot${end}data: ${JSON.stringify(call)}${end}${end}`;
      const bytes = new TextEncoder().encode(`: é${end}${event}${event}`);
      for (let cut = 1; cut < bytes.length; cut += 1) {
        const seen: CallSnapshot[] = [];
        const aborted = new AbortController();
        let isRead: () => void = () => {};
        const allRead = new Promise<void>((resolve) => (isRead = resolve));
        const chunks = [bytes.slice(0, cut), bytes.slice(cut)];
        // Stays open after the last byte: asked for more, it has nothing.
        const body = new ReadableStream<Uint8Array>(
          {
            pull(controller) {
              const chunk = chunks.shift();
              if (chunk) return controller.enqueue(chunk);
              isRead();
              return new Promise<void>(() => {});
            },
          },
          { highWaterMark: 0 },
        );
        const reading = readStream(body, aborted.signal, {
          onSnapshot: (one) => seen.push(one),
          onRetry: () => {},
          onBytes: () => {},
        });
        await allRead;
        expect(seen, `cut at ${String(cut)}`).to.deep.equal([call, call]);
        aborted.abort();
        await reading.catch(() => {});
      }
    });
  }
});
