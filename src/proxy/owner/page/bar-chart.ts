// <owner-chart>: bars over time, drawn by uPlot on a canvas. The same numbers are in a table next to it, so the canvas is hidden from
// screen readers. Colors come from the style sheet.

import uPlot from 'uplot';

/** What a chart shows: one bar per label, of which a part is filled. */
export interface ChartModel {
  readonly labels: readonly string[];
  readonly totals: readonly number[];
  readonly parts: readonly number[];
}

const height = 180;
const noModel: ChartModel = { labels: [], totals: [], parts: [] };

/** The element. */
export class OwnerChart extends HTMLElement {
  #model = noModel;
  #plot: uPlot | undefined;
  #shownAs = '';
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  readonly #redraw = (): void => this.#draw();
  readonly #resize = new ResizeObserver(() => {
    const width = this.clientWidth;
    if (width > 0) this.#plot?.setSize({ width, height });
  });

  /** Draws again only if a number has changed. */
  set model(model: ChartModel) {
    const text = JSON.stringify(model);
    if (text === this.#shownAs) return;
    this.#shownAs = text;
    this.#model = model;
    if (this.isConnected) this.#draw();
  }

  connectedCallback(): void {
    this.setAttribute('aria-hidden', 'true');
    this.#dark.addEventListener('change', this.#redraw);
    this.#resize.observe(this);
    this.#draw();
  }

  disconnectedCallback(): void {
    this.#dark.removeEventListener('change', this.#redraw);
    this.#resize.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #draw(): void {
    this.#plot?.destroy();
    const { labels, totals, parts } = this.#model;
    const styles = getComputedStyle(this);
    const color = (name: string): string => styles.getPropertyValue(name).trim();
    const bars = uPlot.paths.bars?.({ size: [0.72, 48] });
    const series = (fill: string): uPlot.Series => ({
      fill: color(fill),
      width: 0,
      points: { show: false },
      ...(bars && { paths: bars }),
    });
    const axis: uPlot.Axis = {
      stroke: color('--muted'),
      font: `12px ${styles.fontFamily}`,
      grid: { stroke: color('--line'), width: 1 },
      ticks: { show: false },
    };
    const indices = labels.map((_, index) => index);
    this.#plot = new uPlot(
      {
        width: Math.max(this.clientWidth, 200),
        height,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: [-0.5, Math.max(labels.length, 1) - 0.5] },
          y: { range: (_, __, highest) => [0, Math.max(4, highest)] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            space: 56,
            incrs: [1, 2, 3, 4, 6, 12],
            values: (_, splits) => splits.map((split) => labels[split] ?? ''),
          },
          { ...axis, size: 40, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000] },
        ],
        series: [{}, series('--bar'), series('--bar-strong')],
      },
      [indices, [...totals], [...parts]],
      this,
    );
  }
}

customElements.define('owner-chart', OwnerChart);
