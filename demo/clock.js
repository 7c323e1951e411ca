// The sandbox's clock on the demo page: presets for the hours that are hard to wait for. With a credential, the
// route does not exist, and the section stays hidden.

const path = 'sandbox/clock';
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const widget = document.querySelector('polyai-callback');
const section = document.querySelector('#clock');
const storageKey = 'demo-chosen-time';

const read = () =>
  fetch(path, { cache: 'no-store' }).then(
    (answer) => (answer.ok ? answer.json() : undefined),
    () => undefined,
  );

/** The next time the browser's clock shows this hour, on a day of the week if one is named (0: Sunday). */
function next(hours, weekday) {
  for (let ahead = 0; ; ahead += 1) {
    const date = new Date();
    date.setDate(date.getDate() + ahead);
    date.setHours(hours, 0, 0, 0);
    if (date > new Date() && (weekday === undefined || date.getDay() === weekday)) return date;
  }
}

/** Half an hour before clocks next change, here or (where they never change) in London. */
function clockChange() {
  const offset = (at, zone) =>
    Date.parse(`${new Date(at).toLocaleString('sv', { timeZone: zone })}Z`) - Math.floor(at / 1_000) * 1_000;
  for (const zone of [timeZone, 'Europe/London']) {
    const start = Math.ceil(Date.now() / hour) * hour;
    for (let at = start; at < start + 370 * day; at += hour)
      if (offset(at, zone) !== offset(at + hour, zone)) return new Date(at + hour / 2);
  }
  return new Date();
}

const slotAt = () => Date.parse(sessionStorage.getItem(storageKey) ?? '');
const presets = {
  now: () => ({ at: null, hours: 'off' }),
  night: () => ({ at: next(23), hours: 'requested' }),
  dst: () => ({ at: clockChange(), hours: 'requested' }),
  schedule: () => ({ at: next(11, 0), hours: 'requested', closed: 'schedule', timeZone }),
  message: () => ({ at: next(11, 0), hours: 'requested', closed: 'message', timeZone }),
  hide: () => ({ at: next(11, 0), hours: 'requested', closed: 'hide', timeZone }),
  // Keeps the hours and changes only the time.
  chosen: ({ closed }) => ({ at: new Date(slotAt() - 3_000), ...(closed && { closed, timeZone }) }),
  past: ({ closed }) => ({ at: new Date(slotAt() + 2 * hour), ...(closed && { closed, timeZone }) }),
};

let state = await read();
let receivedAt = performance.now();
const now = () => Date.parse(state.now) + performance.now() - receivedAt;

function show() {
  const time = { dateStyle: 'full', timeStyle: 'short' };
  section.hidden = false;
  section.querySelector('#time').textContent =
    `${new Date(now()).toLocaleString('en', time)} (${timeZone}${state.isSet ? '' : ', real time'})`;
  const profile = state.hours === 'off' ? 'calling hours are off' : `calling hours are set to “${state.hours}”`;
  section.querySelector('#hours').textContent = state.closed
    ? `${profile}; the business is open Monday to Saturday, 9 AM to 6 PM`
    : profile;
  for (const name of ['chosen', 'past']) section.querySelector(`[data-preset=${name}]`).hidden = !(slotAt() > now());
}

async function set(name) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(presets[name](state)),
  });
  if (!answer.ok) return;
  // The element's data about the site is outdated, so the page reloads, except to watch a waiting call.
  if (name !== 'chosen' && name !== 'past') return location.reload();
  state = await answer.json();
  receivedAt = performance.now();
  show();
}

if (state !== undefined) {
  show();
  setInterval(show, 10_000);
  for (const button of section.querySelectorAll('[data-preset]'))
    button.addEventListener('click', () => void set(button.dataset.preset));
  widget.addEventListener('polyai-callback-scheduled', ({ detail }) => {
    sessionStorage.setItem(storageKey, detail.scheduledFor.at);
    show();
  });
  widget.addEventListener('polyai-callback-ended', () => {
    sessionStorage.removeItem(storageKey);
    show();
  });
}
