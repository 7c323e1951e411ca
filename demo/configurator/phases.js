// Every phase a visitor can see, in groups, with the steps by which the preview reaches it. The steps use the real element as a
// visitor would, through `preview`.

const hour = 3_600_000;

const requestCall = async ({ request, proxy }) => {
  request();
  await proxy.requested;
};
const follows =
  (...statuses) =>
  async (preview) => {
    await requestCall(preview);
    await preview.proxy.followed;
    for (const status of statuses) preview.proxy.report(status);
  };
const refused = (problem) => async (preview) => {
  preview.proxy.problem = problem;
  await requestCall(preview);
};
/** Whether the form shows an error. */
const showsError = (root) => [...root.querySelectorAll('[role=alert]')].some(({ textContent }) => textContent.trim());
const outsideHours = (preview) =>
  refused({ code: 'outside-hours', status: 422, slots: preview.proxy.slots() })(preview);

/** What a limit that visitors share offers: times, and a place in the queue. */
const atLimit = async (preview) => {
  const slots = preview.proxy.slots(1);
  await refused({ code: 'busy', status: 429, retryAfterSeconds: 600, slots, queue: { position: 3, waitSeconds: 240 } })(
    preview,
  );
  await preview.until(() => preview.root.querySelector('[part~=queue-join]'));
};
/** Joins the queue, and goes on as `then` says. */
const waits =
  (then = () => {}) =>
  async (preview) => {
    await atLimit(preview);
    preview.root.querySelector('[part~=queue-join]').click();
    await preview.proxy.followed;
    await preview.until(() => preview.is('queued') && preview.root.querySelector('[part~=cancel-call].quiet'));
    then(preview.proxy);
  };

/** `[group, {key: [name, steps, changes to the site data]}]`. */
export const phaseGroups = [
  [
    'Before the call',
    {
      form: ['The form'],
      'confirm-country': [
        'Confirming the country',
        (preview) =>
          refused({ code: 'number-refused', status: 422, reason: 'confirm-country', country: preview.country })(
            preview,
          ),
      ],
      checking: ['Checking for bots', ({ request }) => request(), { challenge: { kind: 'altcha' } }],
      submitting: [
        'Requesting the call',
        async (preview) => {
          preview.proxy.isSlow = true;
          await requestCall(preview);
        },
      ],
      choosing: ['Choosing a time', outsideHours],
      scheduled: [
        'Call scheduled',
        async (preview) => {
          await outsideHours(preview);
          await preview.until(() => preview.root.querySelector('[type=radio]'));
          preview.root.querySelectorAll('[type=radio]')[1].click();
          preview.root.querySelector('[part=slots] .primary').click();
        },
      ],
    },
  ],
  [
    'When a limit is reached',
    {
      'limit-offers': ['Times and a place in line', atLimit],
      'in-line': ['3rd in line', waits()],
      'next-in-line': ['Moved up: next in line', waits((proxy) => proxy.moveTo({ position: 1, waitSeconds: 50 }))],
      'in-line-without-wait': ['In line, wait not known', waits((proxy) => proxy.moveTo({ position: 3 }))],
      'wait-ended': [
        'No turn within 30 minutes',
        waits((proxy) => proxy.report('failed', { endedBecause: 'not-sent', canTakeBack: false }, hour / 2)),
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
        async (preview) => {
          await follows('queued', 'ringing')(preview);
          await preview.until(() => preview.is('ringing'));
          preview.proxy.breakDown();
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
        async (preview) => {
          await follows()(preview);
          preview.proxy.report('unknown', { tryAgainAt: new Date(Date.now() + hour / 6).toISOString() });
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
        async (preview) => {
          await refused({ code: 'number-refused', status: 422, reason: 'country-not-allowed' })(preview);
          await preview.until(() => showsError(preview.root));
        },
      ],
      offline: [
        'Visitor offline',
        async ({ request, proxy, until, root }) => {
          Object.defineProperty(navigator, 'onLine', { get: () => false, configurable: true });
          proxy.isUp = false;
          request();
          await until(() => showsError(root));
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
