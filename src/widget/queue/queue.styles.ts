// Styles of the offers, adopted in addition to the card's, the phases' and the follow-up chunk's, which loads this one.

/** The name tells the build that this is CSS. */
const css = String.raw;

/** Text of the style sheet. */
export const queueStyles: string = css`
  .queue {
    margin-block-start: 1.25em;
  }
  .queue p {
    margin-block: 0 0.6em;
  }
  .queue + .row {
    margin-block-start: 0.6em;
  }
`;
