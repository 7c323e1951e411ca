// The HTTP server below the routes, client addresses and conditional requests: each safeguard with the test that fails without it.

import { type Mutation, mutationsOf, type Row } from './mutation.js';

const limits = (threat: string, find: string, replace: string): Row => [
  threat,
  'proxy/process/server-limits.ts',
  find,
  replace,
  'proxy/process/server-limits.test.ts',
];

/** Safeguards of connections, of requests below the routes, and of caching. */
export const serverMutations: readonly Mutation[] = mutationsOf([
  [
    'A refusal is written without a detour through web streams',
    'proxy/process/http-server.ts',
    'overrideGlobalObjects: true',
    'overrideGlobalObjects: false',
    'proxy/process/refusal-cost.test.ts',
  ],
  [
    'A refusal makes no Headers object',
    'proxy/http/problem.ts',
    "c.set('complete', response);",
    '',
    'proxy/process/refusal-cost.test.ts',
  ],
  limits('Headers are not dropped silently', 'server.maxHeadersCount = 0;', 'server.maxHeadersCount = 60;'),
  limits('More headers than allowed', 'if (rawHeaders.length > 2 * headerCount) return 431;', ''),
  limits('Two Host headers', 'if (hosts > 1) return 400;', ''),
  limits(
    'HTTP/1.0 health checks without Host',
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
  limits('Peers that never close their end', 'connection.destroySoon();', 'connection.end();'),
  limits(
    'An error response is never written into one that has begun',
    '|| isAnswering === true) {',
    '|| (isAnswering === true && !connection.writable)) {',
  ),
  limits('Connections per address', '(!isTrustedProxy && count >= connectionsPerAddress) || ', ''),
  limits('A trusted proxy has no cap', '!isTrustedProxy && count', 'count'),
  limits('Idle connections make room', '(open.size >= connections && !dropIdle())', 'open.size >= connections'),
  limits('Busy connections are not dropped', 'if (!isBusy(connection)) {', 'if (connection.writable) {'),
  limits('All connections', '|| (open.size >= connections && !dropIdle())', ''),
  [
    'The newest stream of a call replaces the oldest',
    'proxy/streams/call-streams.ts',
    'if (counter.isCallFull(call.id)) replaceOldest(call.id);',
    '',
    'proxy/streams/call-streams.test.ts',
    'replace',
  ],
  [
    'A replaced stream releases its slot immediately',
    'proxy/streams/call-streams.ts',
    '      release(stream);\n      stream.goodbye(replacedRetryMs);',
    '      stream.goodbye(replacedRetryMs);',
    'proxy/streams/call-streams-sockets.test.ts',
    'replaced',
  ],
  [
    'Heartbeats are spread over time',
    'proxy/streams/call-streams.ts',
    '(part + open.size) % parts',
    'part % parts',
    'proxy/streams/call-streams.test.ts',
    'spread over',
  ],
  [
    'Streams over HTTP/1.0',
    'proxy/streams/sink.ts',
    'const isChunked = req.httpVersionMajor === 1 && req.httpVersionMinor === 1;',
    'const isChunked = req.httpVersionMajor === 1;',
    'proxy/streams/call-streams-sockets.test.ts',
    'HTTP/1.0',
  ],
  [
    'A stream never overtakes the response before it',
    'proxy/streams/sink.ts',
    'outgoing?.socket !== null && outgoing?.socket !== undefined',
    'outgoing !== undefined && ((outgoing as { socket: unknown }).socket ??= outgoing.req.socket) !== undefined',
    'proxy/streams/call-streams-sockets.test.ts',
    'behind another',
  ],
  [
    'NAT64: everyone behind a translator shares one allowance',
    'proxy/http/client-address.ts',
    'return nat64.some((range) => address.match(range)) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;',
    'return address;',
    'proxy/http/client-address.test.ts',
  ],
  [
    'Trusted ranges that may contain clients',
    'proxy/http/client-address.ts',
    'if (wide.length > 0)',
    'if (wide.length > 99)',
    'proxy/http/client-address.test.ts',
  ],
  [
    'A header that takes quadratic time',
    'proxy/http/list-headers.ts',
    "return header.split(',').map((item) => item.trim());",
    String.raw`return header.trim().split(/\s*,\s*/);`,
    'security/linear-work.test.ts',
    'Accept-Encoding|If-None-Match',
  ],
  [
    'Weak comparison of ETags',
    'proxy/http/list-headers.ts',
    "(tag.startsWith('W/') ? tag.slice(2) : tag)",
    'tag',
    'proxy/static/public-files.test.ts',
  ],
  [
    'An ETag for each encoding',
    'proxy/static/static-file.ts',
    'encoding === undefined ? file.etag',
    "encoding !== 'x' ? file.etag",
    'proxy/static/public-files.test.ts',
  ],
]);
