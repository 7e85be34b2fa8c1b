import type { Scale } from "./optimize/index.ts";

/** A step of a scale costs its pixels; this many more are what a step costs whatever its size. */
const OVERHEAD_PIXELS = 4_000;

/** Counts a transfer's steps, by number or by time, and says how far it is. */
export class Pace {
  readonly #scales: readonly Scale[];
  readonly #timeMs: number | undefined;
  /** Share of the work, by which time is divided, that is done when a scale begins. */
  readonly #starts: readonly number[];
  readonly #started: number = performance.now();
  #scale = 0;
  #steps = 0;
  #stepsOfScale = 0;
  #scaleStarted = 0;

  constructor(scales: readonly Scale[], timeMs: number | undefined) {
    this.#scales = scales;
    this.#timeMs = timeMs;
    const work = scales.map(
      ({ width, height, iterations }) => (width * height + OVERHEAD_PIXELS) * iterations,
    );
    const total = work.reduce((a, b) => a + b, 0);
    this.#starts = [...work, 0].map((_, i) => work.slice(0, i).reduce((a, b) => a + b, 0) / total);
  }

  /** Enters a scale. */
  begin(scale: number): void {
    this.#scale = scale;
    this.#stepsOfScale = 0;
    this.#scaleStarted = this.#elapsed;
  }

  step(): void {
    this.#steps++;
    this.#stepsOfScale++;
  }

  /** Whether the scale has steps left; it takes one at least. */
  get goesOn(): boolean {
    return this.#stepsOfScale === 0 || this.shareOfScale < 1;
  }

  /** Share of the scale's steps or time that is used, 0…1. */
  get shareOfScale(): number {
    if (this.#timeMs === undefined) return this.#stepsOfScale / this.#scales[this.#scale].iterations;
    const end = this.#starts[this.#scale + 1] * this.#timeMs;
    const length = end - this.#scaleStarted;
    return length > 0 ? Math.min(1, (this.#elapsed - this.#scaleStarted) / length) : 1;
  }

  get report(): {
    iteration: number;
    iterations: number;
    progress: number;
    scale: number;
    scales: number;
    elapsedMs: number;
  } {
    const [start, end] = [this.#starts[this.#scale], this.#starts[this.#scale + 1]];
    const progress = Math.min(1, start + (end - start) * this.shareOfScale);
    return {
      iteration: this.#steps,
      iterations: this.#timeMs === undefined ? this.#plannedSteps : Math.round(this.#steps / (progress || 1)),
      progress,
      scale: this.#scale + 1,
      scales: this.#scales.length,
      elapsedMs: this.#elapsed,
    };
  }

  get #plannedSteps(): number {
    return this.#scales.reduce((sum, { iterations }) => sum + iterations, 0);
  }

  get #elapsed(): number {
    return performance.now() - this.#started;
  }
}
