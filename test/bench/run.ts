// `npm run bench`: the page, the proxy and its streams, on loopback alone, in less than three minutes. Read the ratios: absolute
// times belong to the machine and the day. Never part of `npm test`. `-- --only page|proxy|streams`, `-- --watchers 5000`.

import { parseArgs } from 'node:util';
import { benchPages } from './page.js';
import { benchTrigger } from './proxy.js';
import { benchStreams } from './streams.js';

const { values } = parseArgs({
  options: { only: { type: 'string' }, watchers: { type: 'string', default: '2000' } },
});
const isWanted = (name: string): boolean => values.only === undefined || values.only === name;

if (isWanted('proxy')) await benchTrigger();
if (isWanted('streams')) await benchStreams(Number(values.watchers));
if (isWanted('page') && !(await benchPages())) process.exitCode = 1;
