// The script of the opt-out page (/me): solves the proof of work when the form is submitted, then submits it as the browser would. A
// call's capability in the fragment of the URL (`#call=<id>.<token>`) is sent along.

import { isChallenge } from '../../contract.js';
import { solve } from '../challenge/solve-in-worker.js';

const form = document.querySelector<HTMLFormElement>('form[data-challenge]');
if (form !== null) {
  const field = (name: string): HTMLInputElement | null => form.querySelector<HTMLInputElement>(`input[name=${name}]`);
  const status = form.querySelector('[role=status]');
  const button = form.querySelector('button');
  const call = new URLSearchParams(location.hash.slice(1)).get('call');
  const callField = field('call');
  if (call !== null && callField !== null) callField.value = call;
  let isSolving = false;

  const submit = async (): Promise<void> => {
    const { challenge: text = '', working = '' } = form.dataset;
    const challenge: unknown = JSON.parse(text);
    const solutionField = field('solution');
    if (!isChallenge(challenge) || solutionField === null) return;
    if (status !== null) status.textContent = working;
    const solution = await solve(challenge, new AbortController().signal);
    solutionField.value = btoa(JSON.stringify({ challenge, solution }));
    form.submit();
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (isSolving) return;
    isSolving = true;
    button?.setAttribute('aria-disabled', 'true');
    // Without a solution, the server answers with a new challenge.
    submit().catch(() => form.submit());
  });
  // A page restored from the back/forward cache contains a challenge that has been used.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload();
  });
}
