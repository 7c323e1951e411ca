// Every --polyai-callback-* property and the appearance shared by all phases. Logical properties only, so that right-to-left
// needs no rules of its own.

/** The name tells the build that this is CSS. */
const css = String.raw;

/** Text of the style sheet for surfaces, text and controls. Adopted, so that a strict CSP allows it. */
export const styles: string = css`
  :host {
    --_accent: var(--polyai-callback-accent, #4f46e5);
    --_on-accent: var(--polyai-callback-on-accent, #fff);
    --_surface: var(--polyai-callback-surface, light-dark(#fff, #17181d));
    --_text: var(--polyai-callback-text, light-dark(#191b22, #f2f3f6));
    --_muted: var(--polyai-callback-muted, light-dark(#59606d, #a9afbb));
    --_line: var(--polyai-callback-line, light-dark(#e0e3ea, #34373f));
    --_control: var(--polyai-callback-control, light-dark(#858b98, #777d8a));
    --_danger: var(--polyai-callback-danger, light-dark(#b3261e, #ffb4ab));
    --_success: var(--polyai-callback-success, light-dark(#17734a, #6fdca4));
    --_radius: var(--polyai-callback-radius, 0.75em);
    --_ink: light-dark(var(--_accent), color-mix(in oklab, var(--_accent) 45%, #fff));
    display: block;
    max-inline-size: var(--polyai-callback-width, max(25em, 350px));
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  * {
    box-sizing: border-box;
    margin: 0;
    font: inherit;
    color: inherit;
  }
  /* Inheritance from the page ends here, except for typeface, case, colors and visibility. */
  :where(.panel, .launcher, .close) {
    all: initial;
    box-sizing: border-box;
    color-scheme: inherit;
    visibility: inherit;
    text-transform: inherit;
    font-family: var(--polyai-callback-font, inherit);
    font-size: max(1em, 14px);
    line-height: 1.45;
    -webkit-text-size-adjust: 100%;
  }
  .panel {
    display: block;
    max-inline-size: var(--polyai-callback-width, 25em);
    -webkit-user-select: text;
    user-select: text;
    background: var(--_surface);
    color: var(--_text);
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) * 1.5);
    box-shadow: var(--polyai-callback-shadow, 0 1px 2px #0001, 0 0.75em 2em -0.75em #0003);
    padding: 2em min(1.5em, 6%) 1.5em;
    overflow-wrap: anywhere;
    text-align: center;
  }
  .pending > * {
    animation: pending 1s;
  }
  @keyframes pending {
    from,
    to {
      visibility: hidden;
    }
  }
  .form {
    text-align: start;
  }
  h2 {
    font-size: 1.35em;
    font-weight: 650;
    line-height: 1.25;
    text-wrap: balance;
    outline: none;
  }
  .detail,
  .note {
    color: var(--_muted);
    margin-block-start: 0.35em;
  }
  .note,
  .error,
  small,
  .consent,
  .legal {
    font-size: 0.875em;
  }
  .error:empty {
    display: none;
  }
  .mark {
    inline-size: fit-content;
    font-size: 0.8em;
    font-weight: 600;
    /* In the padding above: one line moves nothing when it appears, and a second one covers nothing. */
    line-height: 1.25;
    margin: -2.5em auto 0.9em;
    padding: 0.1em 0.8em;
    border: 1px dashed;
    border-block-start: 0;
    border-radius: 0 0 1em 1em;
    background: light-dark(#fff6df, #33290d);
    color: light-dark(#6a4600, #ffd88a);
  }
  fieldset {
    border: 0;
    padding: 0;
    min-inline-size: 0;
  }
  .sr {
    position: absolute;
    clip-path: inset(50%);
  }
  form,
  .row {
    margin-block-start: 1.25em;
  }
  [part='label'] {
    display: block;
    font-weight: 600;
    font-size: 0.9375em;
    margin-block: 0.9em 0.35em;
  }
  [part='label']:first-child {
    margin-block-start: 0;
  }
  select,
  #phone {
    inline-size: 100%;
    min-block-size: 3em;
    padding: 0.6em 0.8em;
    font-size: max(1em, 16px);
    background: var(--_surface);
    border: 1px solid var(--_control);
    border-radius: var(--_radius);
    text-overflow: ellipsis;
  }
  select {
    appearance: none;
    padding-inline-end: 2.4em;
    background: conic-gradient(from -45deg at bottom, var(--_muted) 90deg, #0000 0) calc(100% - 1em) / 0.8em 0.4em no-repeat
      var(--_surface);
  }
  @media (forced-colors: active) {
    select {
      appearance: auto;
    }
  }
  [dir='rtl'] select {
    background-position-x: 1em;
  }
  [dir='rtl'] #phone {
    text-align: end;
  }
  :not(h2):focus-visible {
    outline: 3px solid var(--_ink);
    outline-offset: 2px;
  }
  #read-back {
    min-block-size: 1.45em;
  }
  .consent {
    display: flex;
    gap: 0.75em;
    color: var(--_muted);
    min-block-size: 44px;
    padding-block: 0.6em;
  }
  /* Room for the business name, which arrives after the form. */
  .consent span {
    min-block-size: 4.35em;
  }
  @media (max-width: 26em) {
    #read-back {
      min-block-size: 2.9em;
    }
    .consent span {
      min-block-size: 5.8em;
    }
  }
  #consent {
    flex: none;
    inline-size: 1.4em;
    block-size: 1.4em;
    accent-color: var(--_accent);
  }
  /* Drawn, because a dark page's own empty box looks disabled. */
  #consent:not(:checked) {
    appearance: none;
    border: 1px solid var(--_control);
    border-radius: 0.25em;
    background: var(--_surface);
  }
  .legal {
    display: inline-block;
    padding-block: 0.7em;
    margin-inline-end: 1em;
    color: var(--_ink);
  }
  button,
  .quiet {
    display: block;
    inline-size: 100%;
    min-block-size: max(44px, 3em);
    padding: 0.65em 1.1em;
    border: 1px solid var(--_control);
    border-radius: var(--_radius);
    background: none;
    font-weight: 600;
    text-align: center;
    text-decoration: none;
    cursor: pointer;
    margin-block-start: 0.6em;
  }
  button:hover,
  .quiet:hover {
    border-color: currentColor;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 0.6em;
  }
  .row > * {
    flex: 1 1 auto;
    inline-size: auto;
    margin: 0;
  }
  .primary {
    background: var(--_accent);
    border-color: var(--_accent);
    color: var(--_on-accent);
  }
  .primary:hover {
    background: color-mix(in oklab, var(--_accent) 88%, #000);
  }
`;
