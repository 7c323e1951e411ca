// Loads the chunk that shows the phases of a call: on first interaction, or at once when there is a call to show.

import type { ReactiveController } from 'lit';
import type { ElementHost } from './internal/element-host.js';
import type * as phases from './chunks/phases.js';

/** What the chunk exports. */
export type PhasesChunk = typeof phases;

/** The chunk, once it is loaded; shared by every element of the page. */
let loaded: PhasesChunk | undefined;
let sheet: CSSStyleSheet | undefined;

/** Loads the chunk for one element, as a Lit controller. */
export class PhaseLoader implements ReactiveController {
  readonly #host: ElementHost;
  readonly #isNeeded: () => boolean;
  readonly #onLoad: (chunk: PhasesChunk) => void;
  readonly #onFail: () => void;

  /** `onLoad` is called once the chunk is loaded; `onFail` when it is needed and fails to load. */
  constructor(host: ElementHost, isNeeded: () => boolean, onLoad: (chunk: PhasesChunk) => void, onFail: () => void) {
    this.#host = host;
    this.#isNeeded = isNeeded;
    this.#onLoad = onLoad;
    this.#onFail = onFail;
    host.addController(this);
    host.addEventListener('focusin', () => void this.load());
  }

  /** The chunk; undefined until it is loaded. */
  get chunk(): PhasesChunk | undefined {
    return loaded;
  }

  /** Loads it; undefined when that fails. */
  async load(): Promise<PhasesChunk | undefined> {
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
    else if (this.#isNeeded()) void this.load().then((chunk) => chunk ?? this.#onFail());
  }

  #adopt(chunk: PhasesChunk): void {
    const root = this.#host.shadowRoot;
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(chunk.phaseStyles);
    }
    if (!root || root.adoptedStyleSheets.includes(sheet)) return;
    root.adoptedStyleSheets.push(sheet);
    this.#onLoad(chunk);
    this.#host.requestUpdate();
  }
}
