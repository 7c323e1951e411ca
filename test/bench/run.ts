// `npm run bench`: the page, the proxy and its streams, over loopback, in about six minutes. Each figure is reported next to an anchor of
// the same run: compare the ratios, and CPU time rather than wall time, because absolute times depend on the machine and its load. Never part of
// `npm test`. `-- --only page|proxy|drivers|stages|refusals|flood|streams|rows`, `-- --watchers 10000`, `-- --rows 1000000`. results.md has the latest results.

import { parseArgs } from 'node:util';
import { benchDrivers } from './drivers.js';
import { benchFloodedCalls } from './flooded-calls.js';
import { benchFloodedHealth } from './flooded-health.js';
import { benchPages } from './page.js';
import { benchTrigger } from './proxy.js';
import { benchRefusals } from './refusals.js';
import { benchRows } from './rows.js';
import { benchStages } from './stages.js';
import { benchStreams } from './streams.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    watchers: { type: 'string', default: '2000' },
    rows: { type: 'string', default: '100000' },
  },
});
const isSelected = (name: string): boolean => values.only === undefined || values.only === name;

if (isSelected('proxy')) await benchTrigger();
if (isSelected('drivers')) await benchDrivers();
if (isSelected('stages')) await benchStages();
if (isSelected('refusals') && !(await benchRefusals())) process.exitCode = 1;
if (isSelected('flood') && !(await benchFloodedCalls())) process.exitCode = 1;
if (isSelected('health') && !(await benchFloodedHealth())) process.exitCode = 1;
if (isSelected('streams') && !(await benchStreams(Number(values.watchers)))) process.exitCode = 1;
if (isSelected('rows') && !(await benchRows(Number(values.rows)))) process.exitCode = 1;
if (isSelected('page') && !(await benchPages())) process.exitCode = 1;
