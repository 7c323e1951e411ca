// `npm run test:crash -- --trials 2000 --lanes 2`: kill -9 trials in parallel lanes, each with its own database and fake PolyAI.
// `--clock-back 60`: the clock goes back an hour at each restart.
// `npm run test:crash -- --requests 2000`: that many parallel requests to four processes on one file.

import { parseArgs } from 'node:util';
import { runCapTrial, runSameKeyTrial } from './cap-trial.js';
import { runKillTrials } from './kill-trials.js';

const { values } = parseArgs({
  options: {
    trials: { type: 'string' },
    'clock-back': { type: 'string', default: '0' },
    lanes: { type: 'string', default: '1' },
    requests: { type: 'string' },
  },
});
const print = (value: unknown): void =>
  void process.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`);

if (values.requests !== undefined) {
  print(await runCapTrial({ requests: Number(values.requests) }));
  const keys = Math.ceil(Number(values.requests) / 8);
  print({ keys, sentEachToFourProcesses: 2, triggers: await runSameKeyTrial({ keys }) });
}
if (values.trials !== undefined) {
  const lanes = Number(values.lanes);
  const each = Math.ceil(Number(values.trials) / lanes);
  const reports = await Promise.all(
    Array.from({ length: lanes }, (_, lane) =>
      runKillTrials({
        trials: each,
        waits: true,
        clockBackMs: Number(values['clock-back']) * 60_000,
        onProgress: (done) =>
          done % 25 === 0 && print(`lane ${String(lane + 1)}: ${String(done)} of ${String(each)}, no duplicate`),
      }),
    ),
  );
  for (const report of reports) print(report);
  const sum = (name: 'trials' | 'duplicates' | 'keys' | 'triggers'): number =>
    reports.reduce((total, report) => total + report[name], 0);
  print({ trials: sum('trials'), keys: sum('keys'), triggers: sum('triggers'), duplicates: sum('duplicates') });
}
