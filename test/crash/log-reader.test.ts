// The built proxy goes on when nobody reads its log anymore: calls are accepted, followed to their end and found again. Mutation that turns it
// red: listen for no error of standard output.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createFakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import { credential, settingsFor } from '../fixtures/polyai-account.js';
import { temporaryFolder, withDeadline } from '../proxy/store/fixtures/stores.js';
import { killLeftovers, startProcess } from './proxy-process.js';

after(killLeftovers);

for (const which of ['output', 'both'] as const) {
  test(`calls go on when the reader of ${which === 'both' ? 'both outputs' : 'standard output'} is gone`, async (t) => {
    const fakePolyAi = await createFakePolyAi({ ...credential, timeScale: 50 });
    const folder = temporaryFolder();
    const proxy = startProcess({
      ...settingsFor(fakePolyAi),
      DATABASE_URL: `file:${folder.path}/calls.db`,
    });
    t.after(async () => {
      proxy.kill('SIGKILL');
      await proxy.gone;
      await fakePolyAi.close();
      folder.remove();
    });
    assert.ok(await withDeadline(proxy.listening), proxy.complaints());
    const called = async (n: number): Promise<{ readonly id: string; readonly token: string }> => {
      const answer = await proxy.requestCall(`a-key-of-one-press-00${which}${String(n)}`, `+44207946095${String(n)}`);
      assert.equal(answer?.status, 202, JSON.stringify(answer));
      return answer.body as { id: string; token: string };
    };
    const before = await called(1);
    proxy.stopReading(which);
    // Several lines each: at the request, at the trigger, at the end.
    const calls = [before, await called(2), await called(3)];
    for (const { id, token } of calls) await withDeadline(proxy.ended(id, token));
    assert.equal(fakePolyAi.triggers().length, 3);
    assert.equal((await proxy.readiness())?.status, 200);
    const complaints = proxy.complaints().split('\n').filter(Boolean);
    assert.equal(complaints.length, which === 'both' ? 0 : 1, complaints.join('\n'));
    if (which === 'output') assert.match(complaints[0] ?? '', /^The log cannot be written \(EPIPE\)\./);
    proxy.kill('SIGTERM');
    await withDeadline(proxy.gone);
  });
}
