// One trial: requests are in flight, and at a given moment something is killed. What is killed is up to the caller.

import { setTimeout as after } from 'node:timers/promises';
import { completes, slowed } from '../../src/proxy/sandbox/fake-polyai/script.js';
import type { Answer, ProxyProcess } from './proxy-process.js';
import type { TrialRun } from './trial-run.js';

/** A moment of a call at which something can be killed. */
export type Moment =
  | 'at random'
  | 'call reserved'
  | 'trigger arrives'
  | 'trigger read, unanswered'
  | 'trigger answered'
  | 'answer read'
  | 'visitor answered'
  | 'retried'
  | 'status request arrives'
  | 'call ended'
  | 'stream open'
  | 'draining';

const patienceMs = 5_000;

/** Sends requests and calls `kill` once, at the moment, or when that does not come in time. */
export async function sendUntil(
  run: TrialRun,
  proxy: ProxyProcess,
  moment: Moment,
  kill: () => void,
): Promise<{ readonly missed: boolean; readonly sent: readonly Promise<Answer>[] }> {
  const { fakePolyAi } = run;
  let isOver = false;
  let setStruck = (): void => {};
  const struck = new Promise<void>((resolve) => (setStruck = resolve));
  const strike = (): void => {
    if (isOver) return;
    isOver = true;
    kill();
    setStruck();
  };
  const { fresh, all } = run.choose();
  const now = fresh.filter(({ scheduleAt }) => scheduleAt === undefined);
  const on = (event: string): void => {
    proxy.onEvent = (seen) => {
      if (seen === event) strike();
    };
  };
  const upstream = (kind: 'trigger' | 'status'): void => {
    run.onUpstream = (seen) => {
      if (seen === kind) strike();
    };
  };
  const whenTriggered = (): void => {
    const before = fakePolyAi.triggers().length;
    const check = (): void => {
      if (fakePolyAi.triggers().length > before) strike();
      else if (!isOver) setImmediate(check);
    };
    check();
  };
  const fate = Math.random();
  switch (moment) {
    case 'at random':
      setTimeout(strike, fate * fate * 300);
      break;
    case 'call reserved':
      on('call-reserved');
      break;
    case 'answer read':
      on('call-placed');
      break;
    case 'call ended':
      on('call-ended');
      break;
    case 'trigger arrives':
      upstream('trigger');
      break;
    case 'status request arrives':
      upstream('status');
      break;
    case 'trigger read, unanswered':
      for (const { phone } of now) fakePolyAi.script(phone, { ...slowed(completes, 1), trigger: { kind: 'hang' } });
      whenTriggered();
      break;
    case 'trigger answered':
      whenTriggered();
      break;
    case 'visitor answered':
    case 'retried':
    case 'stream open':
    case 'draining':
      break;
  }
  const sent = all.map((press) => run.send(proxy, press));
  const firstAccepted = Promise.race(
    sent.map(async (answer) => ((await answer)?.status === 202 ? answer : new Promise<Answer>(() => {}))),
  );
  const again = (withinMs: number): void => {
    sent.push(...fresh.map((press) => run.send(proxy, press)));
    setTimeout(strike, fate * withinMs);
  };
  void firstAccepted.then((answer) => {
    if (moment === 'visitor answered') strike();
    if (moment === 'retried') again(15);
    if (moment === 'draining') {
      proxy.kill('SIGTERM');
      again(50);
    }
    if (moment === 'stream open')
      void proxy.follow(String(answer?.body['id']), String(answer?.body['token'])).then(strike);
  });
  const missed = await Promise.race([struck.then(() => false), after(patienceMs, true, { ref: false })]);
  strike();
  run.onUpstream = () => {};
  // A key whose trigger was not sent yet is sent again, and is answered then.
  for (const { phone } of now) fakePolyAi.script(phone, completes);
  proxy.onEvent = () => {};
  return { missed, sent };
}
