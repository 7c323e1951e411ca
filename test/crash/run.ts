// `npm run test:trials -- --trials 2000 --lanes 2`: kill -9 trials, lanes side by side, each with a database and a stand-in of its own.
// `npm run test:trials -- --requests 2000`: so many parallel requests over four processes on one file.

import { parseArgs } from 'node:util';
import { runCapTrial, runSameKeyTrial } from './cap-trial.js';
import { runKillTrials } from './kill-trials.js';

const { values } = parseArgs({
  options: { trials: { type: 'string' }, lanes: { type: 'string', default: '1' }, requests: { type: 'string' } },
});
const say = (what: unknown): void =>
  void process.stdout.write(`${typeof what === 'string' ? what : JSON.stringify(what)}\n`);

if (values.requests !== undefined) {
  say(await runCapTrial({ requests: Number(values.requests) }));
  const keys = Math.ceil(Number(values.requests) / 8);
  say({ keys, sentEachToFourProcesses: 2, triggers: await runSameKeyTrial({ keys }) });
}
if (values.trials !== undefined) {
  const lanes = Number(values.lanes);
  const each = Math.ceil(Number(values.trials) / lanes);
  const reports = await Promise.all(
    Array.from({ length: lanes }, (_, lane) =>
      runKillTrials({
        trials: each,
        waits: true,
        onProgress: (done) =>
          done % 25 === 0 && say(`lane ${String(lane + 1)}: ${String(done)} of ${String(each)}, no duplicate`),
      }),
    ),
  );
  for (const report of reports) say(report);
  const sum = (name: 'trials' | 'duplicates' | 'keys' | 'triggers'): number =>
    reports.reduce((total, report) => total + report[name], 0);
  say({ trials: sum('trials'), keys: sum('keys'), triggers: sum('triggers'), duplicates: sum('duplicates') });
}
