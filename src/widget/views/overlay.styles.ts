// Styles of the launcher, the floating panel and the dialog. Logical properties: right to left needs no rules of its own.

/** The name tells the build that this is CSS. */
const css = String.raw;

/** Text of a style sheet that is adopted in addition to the card's. */
export const overlayStyles: string = css`
  :host([variant='floating']),
  :host([variant='modal']) {
    display: contents;
  }
  .launcher,
  .dialog {
    font-size: max(1em, 14px);
    visibility: visible;
    pointer-events: auto;
    position: fixed;
    inset: auto;
    margin: 0;
    border: 0;
  }
  .launcher {
    inline-size: auto;
    min-block-size: 56px;
    display: flex;
    align-items: center;
    gap: 0.6em;
    padding: 0 1.4em;
    border: 2px solid transparent;
    border-radius: 2em;
    background: var(--_accent);
    color: var(--_on-accent);
    box-shadow: var(--polyai-callback-shadow, 0 2px 6px #0003, 0 0.75em 2em -0.75em #0006);
    /* Under the consent banners, drawers and dialogs of the page. */
    z-index: var(--polyai-callback-z-index, 999);
  }
  .launcher svg {
    inline-size: 1.5em;
    block-size: 1.5em;
    flex: none;
  }
  .launcher.aside {
    opacity: 0;
    pointer-events: none;
  }
  .launcher,
  .bottom-end.dialog {
    inset-block-end: var(--polyai-callback-offset, 1em);
    inset-inline-end: var(--polyai-callback-offset, 1em);
  }
  .bottom-start {
    inset: auto auto var(--polyai-callback-offset, 1em) auto;
    inset-inline: var(--polyai-callback-offset, 1em) auto;
  }
  .top-end {
    inset: var(--polyai-callback-offset, 1em) auto auto;
    inset-inline: auto var(--polyai-callback-offset, 1em);
  }
  .top-start {
    inset: var(--polyai-callback-offset, 1em) auto auto;
    inset-inline: var(--polyai-callback-offset, 1em) auto;
  }
  .dialog {
    padding: 0;
    background: none;
    color: inherit;
    inline-size: var(--polyai-callback-width, 25em);
    max-inline-size: calc(100% - 2em);
    /* Not in units of the viewport, which the page's zoom does not shrink. */
    max-block-size: calc(100% - 7em);
    overflow: auto;
    overscroll-behavior: contain;
    border-radius: calc(var(--_radius) * 1.5);
  }
  .dialog.floating:not(:modal) {
    margin-block: 72px;
  }
  .dialog:modal {
    inset: 0;
    margin: auto;
    max-block-size: calc(100% - 2em);
  }
  .dialog::backdrop {
    background: #0008;
  }
  .dialog:not(:modal)::backdrop {
    display: none;
  }
  .close {
    position: absolute;
    inset-block-start: 0.5em;
    inset-inline-end: 0.5em;
    inline-size: 44px;
    min-block-size: 44px;
    margin: 0;
    padding: 0;
    border: 0;
    color: var(--_muted);
  }
  .dialog .panel {
    max-inline-size: none;
    padding-block-start: 3.25em;
    box-shadow: none;
  }
  @media (max-width: 30em) {
    .launcher {
      min-block-size: 44px;
    }
    .dialog:modal {
      margin-block-end: 0;
      inline-size: 100%;
      max-inline-size: none;
    }
    .dialog:modal,
    .dialog:modal .panel {
      border-end-start-radius: 0;
      border-end-end-radius: 0;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .dialog:modal,
    .dialog:popover-open {
      animation: rise 0.2s ease-out;
    }
  }
  @keyframes rise {
    from {
      opacity: 0;
      translate: 0 0.75em;
    }
  }
  @media print {
    .launcher,
    .dialog {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .launcher {
      border-color: currentColor;
    }
  }
`;
