// The outcome of a call: the agent's signed report on real sockets, in the page that requested the call, under a strict policy.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test, type TestContext } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { type E2eFixture, startFixture, type Visitor, visit } from './fixture.js';

const secret = `whsec_${Buffer.from('outcomes-secret-of-32-bytes-0001').toString('base64')}`;
const env = { OUTCOMES_SECRET: secret, OUTCOMES_LINK_HOSTS: 'book.example.com' };

let pages: PageSource;
before(async () => {
  pages = await openBrowser();
});
after(() => pages.close());

/** A call that has ended, and how its agent reports on it: by the id that it got as metadata. */
async function ended(
  t: TestContext,
): Promise<{ fixture: E2eFixture; visitor: Visitor; report(data: object): Promise<number> }> {
  const fixture = await startFixture(t, { env });
  const visitor = await visit(pages, fixture);
  await visitor.requestCall('+14155550100');
  await visitor.sees(/The call has ended|Thank you for the call/);
  let sent = 0;
  return {
    fixture,
    visitor,
    report: async (data) => {
      const [trigger] = fixture.fakePolyAi.triggers();
      const metadata = (trigger?.metadata ?? {}) as Record<string, string>;
      const body = JSON.stringify({ type: 'call.outcome', data: { call_id: metadata['callback_call_id'], ...data } });
      sent += 1;
      const id = `msg_${String(sent)}`;
      const at = new Date(fixture.clock.now());
      const { status } = await fetch(`${fixture.proxy.url}/v1/webhooks/outcomes`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
          'webhook-signature': new Webhook(secret).sign(id, at, body),
        },
        body,
      });
      return status;
    },
  };
}

test('the page that requested the call shows what was agreed, once the agent has reported it', async (t) => {
  const { fixture, visitor, report } = await ended(t);
  const { widget, page } = visitor;
  const status = await report({
    answered_by: 'person',
    disposition: 'appointment-booked',
    agreed: ['We’ll check the boiler.', '<script>alert(1)</script>'],
    appointment: {
      start: '2026-03-10T10:00:00+01:00',
      end: '2026-03-10T11:00:00+01:00',
      time_zone: 'Europe/Berlin',
      title: 'Boiler inspection',
    },
    links: [{ url: 'https://book.example.com/17', title: 'Change your appointment' }],
  });
  assert.equal(status, 204);
  await visitor.sees(/What we agreed/);
  await visitor.sees(/Thank you for the call/);
  await visitor.reads(/<script>alert\(1\)<\/script>/);
  await visitor.reads(/Tuesday, March 10 at 10:00/);
  await visitor.reads(/2:00.AM in your time zone/);
  const link = widget.getByRole('link', { name: 'Change your appointment' });
  assert.equal(await link.getAttribute('href'), 'https://book.example.com/17');
  assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
  const coming = page.waitForEvent('download');
  await widget.getByRole('button', { name: 'Add to your calendar' }).click();
  const download = await coming;
  assert.equal(download.suggestedFilename(), 'appointment.ics');
  const file = readFileSync(await download.path(), 'utf8');
  assert.match(file, /\r\nDTSTART:20260310T090000Z\r\nDTEND:20260310T100000Z\r\nSUMMARY:Boiler inspection\r\n/);
  assert.deepEqual(await visitor.complaints(), []);
  assert.doesNotMatch(fixture.logged.join('\n'), /boiler|book\.example/i);

  await page.reload();
  await visitor.sees(/What we agreed/);
});

test('after a voicemail the page says so', async (t) => {
  const { visitor, report } = await ended(t);
  assert.equal(await report({ answered_by: 'voicemail', disposition: 'message-left' }), 204);
  await visitor.sees(/We left you a message/);
  assert.deepEqual(await visitor.complaints(), []);
});
