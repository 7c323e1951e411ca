// Loads the piece that shows the phases of a call: at the first touch, or at once when there is a call to show.

import type { ElementHost } from './internal/element-host.js';
import type { ReactiveController } from 'lit';
import type * as phases from './chunks/phases.js';

/** The lazy piece. */
export type Phases = typeof phases;

/** Shared by every element of the page: the piece, once it is there. */
let loaded: Phases | undefined;
let sheet: CSSStyleSheet | undefined;

/** The piece as a Lit controller of each element that needs it. */
export class PhaseLoader implements ReactiveController {
  readonly #host: ElementHost;
  readonly #isNeeded: () => boolean;
  readonly #onLoad: (piece: Phases) => void;

  /** `onLoad`: told once, when the piece is there. */
  constructor(host: ElementHost, isNeeded: () => boolean, onLoad: (piece: Phases) => void) {
    this.#host = host;
    this.#isNeeded = isNeeded;
    this.#onLoad = onLoad;
    host.addController(this);
    host.addEventListener('focusin', () => void this.load());
  }

  /** The piece; undefined while it is not there. */
  get piece(): Phases | undefined {
    return loaded;
  }

  /** Loads it; undefined when it cannot be had now. */
  async load(): Promise<Phases | undefined> {
    try {
      loaded ??= await import('./chunks/phases.js');
    } catch {
      return undefined;
    }
    this.#adopt(loaded);
    return loaded;
  }

  hostUpdate(): void {
    if (loaded) this.#adopt(loaded);
    else if (this.#isNeeded()) void this.load();
  }

  #adopt(piece: Phases): void {
    const root = this.#host.shadowRoot;
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(piece.phaseStyles);
    }
    if (!root || root.adoptedStyleSheets.includes(sheet)) return;
    root.adoptedStyleSheets.push(sheet);
    this.#onLoad(piece);
    this.#host.requestUpdate();
  }
}
