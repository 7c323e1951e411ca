// `npm run scale`: the figures of docs/scale.md. Simulates the busiest hour of a day second by second: calls
// arrive at random, ring, are answered and end; the proxy polls each of them. Costs per poll, page and row are those that were
// measured (results.md, ../soak/results.md). Always the same figures: the random numbers are seeded.

import { seeded } from '../fixtures/seeded.js';

const seconds = 3_600;

/** Measured costs. */
const cost = {
  /** CPU of one call with its seven polls and its page (soak), all of it counted to its polls: an upper bound. */
  cpuMsPerPoll: 47 / 7,
  pageKb: 10.9,
  rowKb: 1.4,
  /** Flushes to the disk for each accepted call. */
  flushesPerCall: 2,
  /** One flush on the machine of the benches. */
  flushMs: 6,
};

/** How often the proxy polls a call: src/proxy/calls/poll-decision.ts. */
const pollEvery = { unansweredMs: 2_000, answeredMs: 10_000 };

/** Assumptions about the calls. */
const assumed = { busiestHour: 0.15, ringSeconds: 15, talkSeconds: 240, answered: 0.7, pagesPerCall: 1.2 };

interface Hour {
  readonly inFlight: number;
  readonly pollsPerSecond: number;
}

/** The 99th percentile of the seconds of the busiest hour. */
function busiestHour(callsPerDay: number, random: () => number): Hour {
  const perSecond = (callsPerDay * assumed.busiestHour) / seconds;
  const warmUp = 1_200;
  const inFlight = new Float64Array(seconds + warmUp);
  const polls = new Float64Array(seconds + warmUp);
  const exponential = (mean: number): number => -mean * Math.log(1 - random());
  for (let at = exponential(1 / perSecond); at < seconds + warmUp; at += exponential(1 / perSecond)) {
    const answeredAt = at + exponential(assumed.ringSeconds);
    const endsAt = random() < assumed.answered ? answeredAt + exponential(assumed.talkSeconds) : answeredAt;
    for (let second = Math.floor(at); second < Math.min(endsAt, inFlight.length); second += 1) {
      inFlight[second] = (inFlight[second] ?? 0) + 1;
      polls[second] =
        (polls[second] ?? 0) + 1_000 / (second >= answeredAt ? pollEvery.answeredMs : pollEvery.unansweredMs);
    }
  }
  const p99 = (values: Float64Array): number => values.slice(warmUp).sort()[Math.floor(seconds * 0.99)] ?? 0;
  return { inFlight: p99(inFlight), pollsPerSecond: p99(polls) };
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const number = (value: number, digits = 0): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

print(
  '| calls a day | in flight | status requests a second | CPU, of one core | flushes a second | of the disk | open pages | memory for them | rows after 30 days |',
);
print('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
for (const callsPerDay of [100, 1_000, 10_000, 100_000]) {
  const { inFlight, pollsPerSecond } = busiestHour(callsPerDay, seeded(7));
  const callsPerSecond = (callsPerDay * assumed.busiestHour) / seconds;
  // Polls of one cycle share two commits, and there are at most as many cycles as polls.
  const flushes = callsPerSecond * cost.flushesPerCall + Math.min(pollsPerSecond, 10) * 2;
  const pages = inFlight * assumed.pagesPerCall;
  print(
    `| ${[
      number(callsPerDay),
      number(inFlight),
      number(pollsPerSecond, 1),
      `${number((pollsPerSecond * cost.cpuMsPerPoll) / 10, 1)}%`,
      number(flushes, 1),
      `${number((flushes * cost.flushMs) / 10, 1)}%`,
      number(pages),
      `${number((pages * cost.pageKb) / 1_024, 1)} MB`,
      `${number((callsPerDay * 30 * cost.rowKb) / 1_024)} MB`,
    ].join(' | ')} |`,
  );
}
