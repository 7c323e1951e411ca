// Styles of the phases of a call: the icon above the title, the steps, large numbers, the time slots.

/** The name tells the build that this is CSS. */
const css = String.raw;

/** Text of a style sheet that is adopted in addition to the card's. */
export const phaseStyles: string = css`
  [aria-invalid='true'] {
    border-color: var(--_danger);
    outline: 1px solid var(--_danger);
  }
  strong {
    font-weight: 650;
    color: var(--_text);
  }
  .error {
    color: var(--_danger);
    font-weight: 550;
    margin-block-start: 0.35em;
    padding-inline-start: 0.7em;
    border-inline-start: 3px solid;
  }
  .row > .primary {
    flex-basis: 100%;
  }
  #read-back:empty:has(+ .error:not(:empty)) {
    display: none;
  }
  ol,
  .error {
    text-align: start;
  }
  /* In the middle of a card that kept the form's height, unless the sandbox mark hangs from its top edge. */
  .panel:has(> .mark[hidden]) {
    align-content: center;
  }
  .sign {
    position: relative;
    inline-size: 4.5em;
    block-size: 4.5em;
    margin: 0.75em auto 1.25em;
    display: grid;
    place-items: center;
    border-radius: 50%;
    color: var(--_ink);
    background: color-mix(in oklab, currentColor 12%, transparent);
  }
  svg {
    inline-size: 45%;
  }
  .refused .sign,
  .unknown .sign,
  .cancelled .sign {
    color: var(--_muted);
  }
  .completed .sign {
    color: var(--_success);
  }
  .missed .sign {
    color: var(--_danger);
  }
  .missed svg,
  .cancelled svg {
    rotate: 135deg;
  }
  .big,
  .detail strong {
    font-size: 1.9em;
    font-weight: 650;
    font-variant-numeric: tabular-nums;
    line-height: 1.2;
    margin-block: 0.15em;
    display: block;
    color: var(--_text);
  }
  ol {
    list-style: none;
    padding: 0;
    margin-block-start: 1.5em;
  }
  li {
    position: relative;
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.75em;
    padding-block: 0.4em;
    color: var(--_muted);
    overflow-wrap: break-word;
  }
  li small {
    margin-inline-start: auto;
    line-height: 1.7;
  }
  li::before {
    content: '' / '';
    flex: none;
    box-sizing: border-box;
    inline-size: 1.7em;
    block-size: 1.7em;
    border: 2px solid var(--_control);
    border-radius: 50%;
    display: grid;
    place-items: center;
    font-size: 0.875em;
    font-weight: 700;
    line-height: 1;
  }
  li:not(:last-child)::after {
    content: '';
    position: absolute;
    inset-block: 1.95em -0.35em;
    inset-inline-start: calc(0.745em - 1px);
    border-inline-start: 2px solid var(--_line);
  }
  .done::before {
    content: '✓' / '';
    color: var(--_ink);
    border-color: var(--_ink);
  }
  .now::before {
    border: 0.5em solid var(--_ink);
  }
  .ended::before {
    content: '✕' / '';
    color: var(--_danger);
    border-color: var(--_danger);
  }
  li.unknown::before {
    content: '?' / '';
    color: var(--_ink);
    border-color: var(--_ink);
  }
  .now,
  li.unknown,
  .ended {
    color: var(--_text);
    font-weight: 650;
  }
  [type='radio'] {
    flex: none;
    inline-size: 1.4em;
    block-size: 1.4em;
    accent-color: var(--_accent);
  }
  [type='radio']:not(:checked) {
    appearance: none;
    border: 1px solid var(--_control);
    border-radius: 50%;
    background: var(--_surface);
  }
  .day {
    font-weight: 600;
    margin-block: 0.75em 0.4em;
  }
  .day::first-letter {
    text-transform: uppercase;
  }
  [part='slots'] fieldset {
    max-block-size: 20em;
    overflow-y: auto;
  }
  .slot {
    display: flex;
    align-items: center;
    gap: 0.75em;
    min-block-size: 44px;
    padding: 0.5em 0.8em;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    margin-block-end: 0.5em;
    text-align: start;
    cursor: pointer;
  }
  .slot small {
    display: block;
    color: var(--_muted);
  }
  .slot:has(:checked) {
    border-color: var(--_ink);
    background: color-mix(in oklab, var(--_accent) 8%, transparent);
  }
  /* Japanese breaks between phrases, Korean between words, and titles without spaces where their table says so. */
  .panel {
    word-break: auto-phrase;
  }
  .panel:lang(ko),
  h2:lang(ja),
  h2:lang(zh) {
    word-break: keep-all;
  }
  .sr {
    inline-size: 1px;
    overflow: hidden;
    white-space: nowrap;
  }
  .ringing .sign {
    margin-block: 1.75em 2em;
  }
  .ringing .sign::before,
  .ringing .sign::after {
    content: '';
    position: absolute;
    inset: 0;
    border: 2px solid;
    border-radius: 50%;
    opacity: 0.35;
  }
  .ringing .sign::after {
    inset: -0.6em;
    opacity: 0.15;
  }
  @media (prefers-reduced-motion: no-preference) {
    .ringing .sign::before,
    .ringing .sign::after {
      inset: 0;
      animation: ring 2.4s ease-out infinite;
    }
    .ringing .sign::after {
      animation-delay: 1.2s;
    }
    .waiting .sign svg {
      animation: wait 2.4s ease-in-out infinite;
    }
  }
  @keyframes ring {
    from {
      opacity: 0.6;
    }
    to {
      scale: 1.6;
      opacity: 0;
    }
  }
  @keyframes wait {
    50% {
      opacity: 0.4;
    }
  }
  @media (forced-colors: active) {
    .primary {
      border-width: 3px;
    }
    .now::before {
      border-color: Highlight;
    }
  }
`;
