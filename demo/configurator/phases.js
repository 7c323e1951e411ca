// Every phase a visitor can see, in groups, with the steps by which the preview reaches it. The steps operate the real element
// as a visitor would; `walk` is what they can use.

const hour = 3_600_000;

const asked = async ({ ask, proxy }) => {
  ask();
  await proxy.asked;
};
const follows =
  (...statuses) =>
  async (walk) => {
    await asked(walk);
    await walk.proxy.followed;
    for (const status of statuses) walk.proxy.tell(status);
  };
const refused = (problem) => async (walk) => {
  walk.proxy.problem = problem;
  await asked(walk);
};
/** Whether the form shows an error. */
const isTold = (root) => [...root.querySelectorAll('[role=alert]')].some(({ textContent }) => textContent.trim());
const outsideHours = (walk) => refused({ code: 'outside-hours', status: 422, slots: walk.proxy.slots() })(walk);

/** `[group, {key: [name, walk, changes of the site]}]`. Without a walk, no steps are required. */
export const phaseGroups = [
  [
    'Before the call',
    {
      form: ['The form'],
      'confirm-country': [
        'Confirming the country',
        (walk) =>
          refused({ code: 'number-refused', status: 422, reason: 'confirm-country', country: walk.country })(walk),
      ],
      checking: ['Checking for bots', ({ ask }) => ask(), { challenge: { kind: 'altcha' } }],
      asking: [
        'Requesting the call',
        async (walk) => {
          walk.proxy.isSlow = true;
          await asked(walk);
        },
      ],
      choosing: ['Choosing a time', outsideHours],
      scheduled: [
        'Call scheduled',
        async (walk) => {
          await outsideHours(walk);
          await walk.until(() => walk.root.querySelector('[type=radio]'));
          walk.root.querySelectorAll('[type=radio]')[1].click();
          walk.root.querySelector('[part=slots] .primary').click();
        },
      ],
    },
  ],
  [
    'During the call',
    {
      requested: ['Requested', follows()],
      queued: ['In the queue', follows('created', 'queued')],
      calling: ['Calling', follows('queued', 'calling')],
      ringing: ['Ringing', follows('queued', 'ringing')],
      talking: ['On the call', follows('ringing', 'in-progress')],
      lost: [
        'Connection lost',
        async (walk) => {
          await follows('queued', 'ringing')(walk);
          await walk.until(() => walk.is('ringing'));
          walk.proxy.breakDown();
        },
      ],
    },
  ],
  [
    'After the call',
    {
      completed: ['Completed', follows('ringing', 'in-progress', 'completed')],
      'no-answer': ['No answer', follows('ringing', 'no-answer')],
      busy: ['Line busy', follows('calling', 'busy')],
      failed: ['Failed', follows('queued', 'failed')],
      cancelled: ['Canceled', follows('queued', 'cancelled')],
      unknown: [
        'Unknown',
        async (walk) => {
          await follows()(walk);
          walk.proxy.tell('unknown', { tryAgainAt: new Date(Date.now() + hour / 6).toISOString() });
        },
      ],
    },
  ],
  [
    'When calls aren’t possible',
    {
      refused: ['Too many requests', refused({ code: 'visitor-limit', status: 429, retryAfterSeconds: 600 })],
      'not-served': [
        'Country not served',
        async (walk) => {
          await refused({ code: 'number-refused', status: 422, reason: 'country-not-allowed' })(walk);
          await walk.until(() => isTold(walk.root));
        },
      ],
      offline: [
        'Visitor offline',
        async ({ ask, proxy, until, root }) => {
          Object.defineProperty(navigator, 'onLine', { get: () => false, configurable: true });
          proxy.isUp = false;
          ask();
          await until(() => isTold(root));
        },
      ],
      closed: [
        'Closed',
        () => {},
        { opening: { open: false, mode: 'message', next: new Date(Date.now() + 14 * hour).toISOString() } },
      ],
      fallback: ['Unavailable', () => {}, null],
    },
  ],
];
