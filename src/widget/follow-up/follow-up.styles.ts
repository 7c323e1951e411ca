// Styles of the follow-up features, adopted in addition to the card's and the phases'.

/** The name tells the build that this is CSS. */
const css = String.raw;

/** Text of the style sheet. */
export const followUpStyles: string = css`
  .row + .row {
    margin-block-start: 0.6em;
  }
  .ready,
  .phrase {
    margin-block: 1em 1.25em;
    padding: 0.9em 1em;
    border-radius: var(--_radius);
    background: color-mix(in oklab, var(--_text) 6%, transparent);
    text-align: start;
  }
  .ready p,
  .phrase p {
    margin-block: 0 0.4em;
  }
  .phrase p:last-child {
    margin: 0;
  }
  .phrase .words {
    font-size: 1.5em;
    font-weight: 650;
    overflow-wrap: anywhere;
  }
  .ready .quiet {
    margin-block-start: 0.4em;
  }
  .sign.voicemail {
    color: var(--_muted);
  }
  .outcome {
    margin-block: 0.5em 1.25em;
    text-align: start;
    overflow-wrap: anywhere;
  }
  .outcome h3 {
    margin-block: 1em 0.4em;
    font-size: 1em;
  }
  .outcome p {
    margin-block: 0 0.3em;
  }
  .outcome ul {
    margin-block: 0 0.6em;
    padding-inline-start: 1.25em;
  }
  .outcome li {
    margin-block: 0.3em;
  }
  .outcome [part='links'] {
    padding-inline-start: 0;
    list-style: none;
  }
  .outcome a {
    display: inline-flex;
    align-items: center;
    min-block-size: 2.75em;
    color: var(--_ink);
  }
`;
