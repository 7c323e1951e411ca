// How a visitor comes to each phase: the list every test of "each phase" walks through.

import type { Slot } from '../../../src/contract.js';
import { PageProxy } from './page-proxy.js';
import type { Visitor } from './visitor.js';

/** What walking into a phase needs of a visitor. */
export type Walker = Pick<Visitor, 'ask' | 'press' | 'root' | 'see' | 'until'>;

/** A phase and the way into it. */
export interface PhaseStep {
  readonly name: string;
  /** What it says, in order, beside its title. */
  readonly says: readonly (string | RegExp)[];
  readonly title: string | RegExp;
  readonly reach: (visitor: Walker, proxy: PageProxy) => Promise<void> | void;
  readonly site?: ConstructorParameters<typeof PageProxy>[0];
  /** The element's custom state, where it is not the name. */
  readonly state?: string;
}

const hour = 3_600_000;

/** Times tomorrow that can be chosen. */
export const slots: readonly Slot[] = [24, 25, 26].map((hours) => ({
  at: new Date(Math.floor(Date.now() / hour) * hour + hours * hour).toISOString(),
  zone: 'Europe/London',
  wall: '2030-01-01T09:00',
}));

const asked = async (visitor: Walker, proxy: PageProxy): Promise<void> => {
  await visitor.ask();
  await visitor.until(() => proxy.asked.length > 0, 'the call is asked for');
  await visitor.see('Your call is requested');
};

const follows =
  (...statuses: Parameters<PageProxy['tell']>[0][]) =>
  async (visitor: Walker, proxy: PageProxy): Promise<void> => {
    await asked(visitor, proxy);
    await visitor.until(() => proxy.paths.some((path) => path.endsWith('/events')), 'the stream is opened');
    for (const status of statuses) proxy.tell(status);
  };

const refused =
  (...problem: Parameters<typeof PageProxy.problem>) =>
  async (visitor: Walker, proxy: PageProxy): Promise<void> => {
    proxy.problem = PageProxy.problem(...problem);
    await visitor.ask();
  };

/** Every phase but the form's own states. */
export const phases: readonly PhaseStep[] = [
  {
    name: 'form',
    title: 'We’ll call you now',
    says: ['Country', 'Phone number', /I agree that Harbour Dental/, 'Call me now'],
    reach: () => {},
  },
  {
    name: 'asking',
    title: 'Asking for your call…',
    says: ['+44 20 7946 0958'],
    reach: async (visitor, proxy) => {
      proxy.gate = new Promise(() => {});
      await visitor.ask();
    },
  },
  {
    name: 'confirm-country',
    title: 'Is this number in Austria?',
    says: ['Yes, call it', 'No, change it'],
    reach: refused('number-refused', { reason: 'confirm-country', country: 'AT' }),
  },
  {
    name: 'requested',
    title: 'Your call is requested',
    says: ['Requested now', 'Connecting to come', 'Talking to come'],
    reach: asked,
  },
  { name: 'created', title: 'Your call is being prepared', says: ['Requested now'], reach: follows('created') },
  {
    name: 'queued',
    title: 'You are next in line',
    says: ['Requested done', 'Connecting now'],
    reach: follows('created', 'queued'),
  },
  { name: 'calling', title: 'Calling your phone…', says: ['Connecting now'], reach: follows('queued', 'calling') },
  {
    name: 'ringing',
    title: 'Answer your phone',
    says: ['+1 202 555 0123', 'Connecting done', 'Ringing now'],
    reach: follows('queued', 'ringing'),
  },
  {
    name: 'talking',
    title: 'You are on the call',
    says: [/0:0\d/, 'Ringing done', 'Talking now'],
    reach: follows('ringing', 'in-progress'),
  },
  {
    name: 'completed',
    title: 'Thank you for the call',
    says: ['We spoke for', 'Talking done', 'Ask for another call'],
    reach: follows('ringing', 'in-progress', 'completed'),
  },
  {
    name: 'no-answer',
    title: 'We missed you',
    says: ['Ringing ended here', 'Call me again', 'Call us instead: +44 20 7946 0900', 'Save our number'],
    reach: follows('ringing', 'no-answer'),
  },
  { name: 'busy', title: 'Your line was busy', says: ['Call me again'], reach: follows('calling', 'busy') },
  {
    name: 'failed',
    title: 'The call did not get through',
    says: ['Call me again'],
    reach: follows('queued', 'failed'),
  },
  {
    name: 'cancelled',
    title: 'The call was cancelled',
    says: ['Call me again'],
    reach: follows('queued', 'cancelled'),
  },
  {
    name: 'unknown',
    title: 'We can’t tell what became of your call',
    says: ['Your phone may still ring', /try again from .+\./, 'Requested not known'],
    reach: async (visitor, proxy) => {
      await follows()(visitor, proxy);
      proxy.tell('unknown', { tryAgainAt: new Date(Date.now() + hour).toISOString() });
    },
  },
  {
    name: 'refused',
    title: 'Not right now',
    says: ['You have asked for several calls already', /try again from .+\./],
    reach: refused('visitor-limit', { retryAfterSeconds: 600 }),
  },
  {
    name: 'choosing',
    title: 'When should we call?',
    says: ['It is too early or too late', 'Call me then', 'Back'],
    reach: refused('outside-hours', { slots }),
  },
  {
    name: 'choosing',
    title: 'When should we call?',
    says: [/\d:00/, /\d:00 where the phone is/, 'Call me then'],
    reach: refused('outside-hours', { slots: slots.map((slot) => ({ ...slot, zone: 'Pacific/Kiritimati' })) }),
  },
  {
    name: 'form',
    title: 'We are closed now',
    says: [/We are open again from .+\./, 'Phone number', 'Choose a time'],
    site: { opening: { open: false, mode: 'schedule', next: slots[0]!.at }, scheduling: true },
    reach: () => {},
  },
  {
    name: 'scheduled',
    title: /^Your call is set for \w+/,
    says: ['You can close this page', /in 2\d hours/, 'Add to your calendar', 'Take it back', 'Use another number'],
    reach: async (visitor, proxy) => {
      await refused('outside-hours', { slots })(visitor, proxy);
      await visitor.see('When should we call?');
      Object.assign(proxy.extra, { scheduledFor: slots[1], canTakeBack: true });
      visitor.root.querySelectorAll<HTMLInputElement>('[type=radio]')[1]!.click();
      visitor.press('Call me then');
    },
  },
  {
    name: 'closed',
    title: 'We are closed now',
    says: [/We are open again from .+\./, 'Call us instead'],
    site: { opening: { open: false, mode: 'message', next: slots[0]!.at } },
    reach: () => {},
  },
];

/** The phases and the form's own states: all that a visitor can look at. */
export const moments: readonly PhaseStep[] = [
  ...phases,
  {
    name: 'form-error',
    state: 'form',
    title: 'We’ll call you now',
    says: ['We can’t call numbers in', 'Call us instead'],
    reach: async (visitor, proxy) => {
      await refused('number-refused', { reason: 'country-not-allowed', country: 'AT' })(visitor, proxy);
      await visitor.until(() => visitor.root.querySelector('#phone[aria-invalid=true]'), 'the field is marked');
    },
  },
  {
    name: 'form-read-back',
    state: 'form',
    title: 'We’ll call you now',
    says: ['We’ll call +44 20 7946 0958'],
    reach: async (visitor, proxy) => {
      await refused('consent-outdated')(visitor, proxy);
      await visitor.until(() => visitor.root.querySelector('#consent[aria-invalid=true]'), 'the box is marked');
    },
  },
  {
    name: 'checking',
    title: 'One moment…',
    says: ['Cancel'],
    site: { challenge: { kind: 'altcha' } },
    reach: (visitor) => visitor.ask(),
  },
  {
    name: 'lost',
    title: 'Answer your phone',
    says: ['The connection was lost'],
    reach: async (visitor, proxy) => {
      await follows('queued', 'ringing')(visitor, proxy);
      await visitor.see('Answer your phone');
      proxy.isUp = false;
      proxy.drop();
    },
  },
  { name: 'fallback', title: 'Calls are not available right now', says: [], reach: () => {} },
];
