// The owner's page: keeps the view (from the URL), the data (requested again every few seconds while the page is visible) and what is
// rendered. What it looks like is in the views.

import { render } from 'lit';
import { fetchCall, fetchSummary, type Fetched } from './data-source.js';
import { type PageView, requestOf, searchOf, viewOf } from './page-url.js';
import type { OwnerCall, OwnerSummary } from '../../../owner-contract.js';
import { pageView } from './page-view.js';
import './bar-chart.js';

/** How often the data is requested. */
const pollMs = 5_000;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const app = document.querySelector<HTMLElement>('#app') ?? document.body;

let view: PageView = viewOf(location.search);
let summary: Fetched<OwnerSummary> | undefined;
/** The last data that arrived for this view, shown on while requests fail. */
let latest: OwnerSummary | undefined;
let call: Fetched<OwnerCall> | undefined;
let running: AbortController | undefined;
let timer: number | undefined;

function draw(): void {
  const failure = summary !== undefined && 'failure' in summary ? summary.failure : undefined;
  render(
    pageView({
      view,
      zone,
      summary: latest,
      failure,
      call,
      show,
      hrefOf: searchOf,
      exportQuery: requestOf(view, zone),
    }),
    app,
  );
  document.title = latest === undefined ? 'Calls' : `Calls – ${latest.business}`;
  const dialog = document.querySelector('dialog');
  if (dialog !== null && view.call !== undefined && !dialog.open) dialog.showModal();
  if (dialog !== null && view.call === undefined && dialog.open) dialog.close();
}

/** Requests what the view needs; a newer request replaces one that is under way. */
async function refresh(): Promise<void> {
  running?.abort();
  clearTimeout(timer);
  const mine = (running = new AbortController());
  const { call: id } = view;
  const [fetched, fetchedCall] = await Promise.all([
    fetchSummary(requestOf(view, zone), mine.signal),
    id === undefined ? undefined : fetchCall(id, mine.signal),
  ]);
  if (mine.signal.aborted) return;
  summary = fetched;
  if ('data' in fetched) latest = fetched.data;
  call = fetchedCall;
  draw();
  if (!document.hidden) timer = setTimeout(() => void refresh(), pollMs);
}

/** Shows another view, as a new entry of the history. */
function show(next: PageView): void {
  history.pushState(null, '', searchOf(next));
  changeTo(next);
}

function changeTo(next: PageView): void {
  const hasOtherData = requestOf(next, zone) !== requestOf(view, zone);
  if (next.call !== view.call) call = undefined;
  if (hasOtherData) summary = undefined;
  view = next;
  draw();
  void refresh();
}

addEventListener('popstate', () => changeTo(viewOf(location.search)));
document.addEventListener('visibilitychange', () => {
  if (document.hidden) clearTimeout(timer);
  else void refresh();
});
// The static page says that it is loading; Lit renders beside what is there.
app.replaceChildren();
draw();
void refresh();
