// Many readers of one stream, as browsers open them: opens them, then reports when the first and the last of them have received an event.

import { connect } from 'node:net';

/** Opens readers. */
export interface WatchersOrder {
  readonly port: number;
  readonly path: string;
  readonly count: number;
}

/** Waits for a text in every reader's stream. */
export interface ExpectOrder {
  readonly expect: string;
}

/** When the first and the last reader had received it, epoch milliseconds. */
export interface WatchersReport {
  readonly first: number;
  readonly last: number;
}

/** The headers of Chrome 130 with `fetch` from another site. */
const head = (path: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: calls.example.com',
    'Connection: keep-alive',
    'sec-ch-ua-platform: "macOS"',
    'Authorization: Bearer abcdefghijklmnopqrstuvwxyzab.abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq',
    'User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
    'Accept: text/event-stream',
    'sec-ch-ua: "Chromium";v="130", "Google Chrome";v="130", "Not?A_Brand";v="99"',
    'sec-ch-ua-mobile: ?0',
    'Origin: https://www.example.com',
    'Sec-Fetch-Site: cross-site',
    'Sec-Fetch-Mode: cors',
    'Sec-Fetch-Dest: empty',
    'Referer: https://www.example.com/',
    'Accept-Encoding: gzip, deflate, br, zstd',
    'Accept-Language: en-US,en;q=0.9',
    '',
    '',
  ].join('\r\n');

let marker = Buffer.alloc(0);
let waiting = 0;
let first = 0;
const seen: number[] = [];
let round = 0;
const now = (): number => performance.timeOrigin + performance.now();

process.on('message', (order: WatchersOrder | ExpectOrder) => {
  if ('expect' in order) {
    marker = Buffer.from(order.expect);
    waiting = seen.length;
    round += 1;
    first = 0;
    process.send?.({ ready: true });
    return;
  }
  const { port, path, count } = order;
  const request = head(path);
  let next = 0;
  let opened = 0;
  const openOne = (): void => {
    if (next >= count) return;
    const index = next;
    next += 1;
    seen.push(0);
    let isOpen = false;
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.on('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      process.exit(1);
    });
    socket.on('data', (bytes: Buffer) => {
      if (!isOpen) {
        isOpen = true;
        opened += 1;
        if (opened === count) process.send?.({ open: true });
        openOne();
      }
      if (marker.byteLength === 0 || seen[index] === round || !bytes.includes(marker)) return;
      seen[index] = round;
      first ||= now();
      waiting -= 1;
      if (waiting === 0) process.send?.({ first, last: now() } satisfies WatchersReport);
    });
  };
  // Fifty at a time: the listen backlog is short.
  for (let lane = 0; lane < Math.min(50, count); lane += 1) openOne();
});
