// What requesting and following a call needs: loaded at the first touch, or at once when there is a call to come back to. The
// first load knows the form alone.

export { CallFlow } from '../call/call-flow.js';
