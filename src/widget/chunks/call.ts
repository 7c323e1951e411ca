// What requesting and following a call needs: loaded on first interaction, or at once when there is a call to resume. The first
// load contains only the form.

export { CallFlow } from '../call/call-flow.js';
