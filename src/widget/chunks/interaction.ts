// The interaction chunk: everything that the form and a call need from the first interaction on. Also loaded at once when there is
// a call to resume. This file only lists what is loaded together.

export { addBehavior } from '../add-behavior.js';
export { performAction } from '../call/actions.js';
export { CallFlow } from '../call/call-flow.js';
export { contextOf } from '../api/call-context.js';
export { formErrorOf, readForm } from '../form/form-result.js';
export { PhoneReader } from '../form/phone-reader.js';
export { enPhases } from '../i18n/locales/en-phases.js';
export { FocusController } from '../internal/focus-controller.js';
export { invalidity, readBackOf } from '../views/form-text.js';
export { phaseView } from '../views/phase-view.js';
export { phaseStyles } from '../views/phases.styles.js';
export { refusalOf } from '../views/problem-message.js';
