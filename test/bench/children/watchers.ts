// Many readers of one stream: opens them, then reports when the last of them has received an event.

import { connect } from 'node:net';

/** The number of readers and the server's port. */
export interface WatchersOrder {
  readonly port: number;
  readonly count: number;
}

let waiting = new Set<number>();
let count = 0;
let isReported = false;

process.on('message', (order: WatchersOrder | { readonly expect: true }) => {
  if ('expect' in order) {
    waiting = new Set(Array.from({ length: count }, (_, index) => index));
    isReported = false;
    process.send?.({ ready: true });
    return;
  }
  count = order.count;
  waiting = new Set(Array.from({ length: count }, (_, index) => index));
  let next = 0;
  // Fifty at a time: the listen backlog is short.
  const openOne = (): void => {
    if (next >= count) return;
    const index = next;
    next += 1;
    let isOpen = false;
    let rest = '';
    const socket = connect(order.port, '127.0.0.1', () =>
      socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n'),
    );
    socket.on('error', () => process.exit(1));
    socket.setEncoding('latin1').on('data', (text: string) => {
      rest = (rest + text).slice(-400);
      if (!isOpen && rest.includes(':')) {
        isOpen = true;
        openOne();
      }
      if (!rest.endsWith('\n\n\r\n')) return;
      waiting.delete(index);
      rest = '';
      if (waiting.size > 0 || isReported) return;
      isReported = true;
      process.send?.({ precise: performance.timeOrigin + performance.now() });
    });
  };
  for (let lane = 0; lane < 50; lane += 1) openOne();
});
