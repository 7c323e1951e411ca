// The server below the routes, addresses and conditional requests: every safeguard with the test that notices when it is gone.

import { type Mutation, mutationsOf, type Row } from './mutation.js';

const limits = (threat: string, find: string, replace: string): Row => [
  threat,
  'proxy/process/server-limits.ts',
  find,
  replace,
  'proxy/process/server-limits.test.ts',
];

/** Safeguards of connections, requests below the routes, and what is cached. */
export const serverMutations: readonly Mutation[] = mutationsOf([
  limits('Headers dropped in silence', 'server.maxHeadersCount = 0;', 'server.maxHeadersCount = 60;'),
  limits('More headers than are counted', 'if (rawHeaders.length > 2 * headerCount) return 431;', ''),
  limits('Two Host headers', 'if (hosts > 1) return 400;', ''),
  limits(
    'Health checks in HTTP/1.0',
    "if (hosts === 0 && incoming.httpVersionMajor === 1 && incoming.httpVersionMinor === 0) headers.host = 'localhost';",
    '',
  ),
  limits(
    'Offers of h2c',
    "server.on('connect', (_request, socket) => socket.destroy());",
    "server.on('upgrade', (_request, socket) => socket.destroy());",
  ),
  limits(
    'Pipelined requests',
    'if (unanswered.push(outgoing) > limits.unanswered)',
    'if (unanswered.push(outgoing) > 9_999)',
  ),
  limits(
    'Answered requests are not counted',
    'while (unanswered[0]?.writableFinished === true) unanswered.shift();',
    '',
  ),
  limits('Peers that never close their side', 'connection.destroySoon();', 'connection.end();'),
  limits(
    'Bytes in an answer that has begun',
    '|| isAnswering === true) {',
    '|| (isAnswering === true && !connection.writable)) {',
  ),
  limits('Connections of one address', '(!isTrustedProxy && count >= connectionsPerAddress) || ', ''),
  limits('The trusted front has no cap', '!isTrustedProxy && count', 'count'),
  limits('Silent connections make room', '(open.size >= connections && !dropIdle())', 'open.size >= connections'),
  limits('Busy connections keep their place', 'if (!isBusy(connection)) {', 'if (connection.writable) {'),
  limits('All places', '|| (open.size >= connections && !dropIdle())', ''),
  [
    'The newest stream of a call replaces the oldest',
    'proxy/streams/call-streams.ts',
    'if (counter.isCallFull(call.id)) replaceOldest(call.id);',
    '',
    'proxy/streams/call-streams.test.ts',
    'replace',
  ],
  [
    'A replaced stream gives its place back at once',
    'proxy/streams/call-streams.ts',
    '      giveBack(stream);\n      stream.goodbye(replacedRetryMs);',
    '      stream.goodbye(replacedRetryMs);',
    'proxy/streams/call-streams-sockets.test.ts',
    'replaced',
  ],
  [
    'Heartbeats are spread',
    'proxy/streams/call-streams.ts',
    '(part + open.size) % parts',
    'part % parts',
    'proxy/streams/call-streams.test.ts',
    'spread over',
  ],
  [
    'Streams in HTTP/1.0',
    'proxy/streams/sink.ts',
    'const isChunked = req.httpVersionMajor === 1 && req.httpVersionMinor === 1;',
    'const isChunked = req.httpVersionMajor === 1;',
    'proxy/streams/call-streams-sockets.test.ts',
    'HTTP/1.0',
  ],
  [
    'A stream never overtakes the answer before it',
    'proxy/streams/sink.ts',
    'outgoing?.socket !== null && outgoing?.socket !== undefined',
    'outgoing !== undefined && ((outgoing as { socket: unknown }).socket ??= outgoing.req.socket) !== undefined',
    'proxy/streams/call-streams-sockets.test.ts',
    'behind another',
  ],
  [
    'NAT64: everybody behind a translator shares one allowance',
    'proxy/http/client-address.ts',
    'return nat64.some((range) => address.match(range)) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;',
    'return address;',
    'proxy/http/client-address.test.ts',
  ],
  [
    'Trusted ranges that may hold clients',
    'proxy/http/client-address.ts',
    'if (wide.length > 0)',
    'if (wide.length > 99)',
    'proxy/http/client-address.test.ts',
  ],
  [
    'A header that costs the square of its length',
    'proxy/http/list-headers.ts',
    "return header.split(',').map((item) => item.trim());",
    String.raw`return header.trim().split(/\s*,\s*/);`,
    'security/linear-work.test.ts',
    'Accept-Encoding|If-None-Match',
  ],
  [
    'Weak comparison of tags',
    'proxy/http/list-headers.ts',
    "(tag.startsWith('W/') ? tag.slice(2) : tag)",
    'tag',
    'proxy/static/public-files.test.ts',
  ],
  [
    'A tag for every encoding',
    'proxy/static/static-file.ts',
    'encoding === undefined ? file.etag',
    "encoding !== 'x' ? file.etag",
    'proxy/static/public-files.test.ts',
  ],
]);
