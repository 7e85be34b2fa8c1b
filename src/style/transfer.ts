import { FoveaError, Random, requireRange } from "../core/index.ts";
import type { Picture, PictureSize } from "../image/index.ts";
import {
  adam,
  type Evaluated,
  limitedMemory,
  type PixelOptimizer,
  planScales,
  type Scale,
  sizeWithSide,
} from "./optimize/index.ts";
import type { PictureInput, StyleInput, StyleOptions, StyleProgress, StyleResult } from "./options.ts";
import { Pace } from "./pace.ts";
import { planCost } from "./plan-cost.ts";
import {
  cropPlanes,
  framePlanes,
  type Planes,
  resizePlanes,
  toPicture,
  withColorsOf,
} from "./planes/index.ts";
import { planesAt, readContent, readStyles } from "./read-inputs.ts";
import { openScale, type ScaleSession, type Subject } from "./scale-session.ts";

const LONGER_SIDE = 512;
const ITERATIONS = 300;
/** Adam's longest step; it falls to nothing along half a cosine within each scale. */
const ADAM_RATE = 0.03;
/** Pairs that L-BFGS remembers, and the memory that they may take. */
const PAIRS = 10;
const PAIR_BYTES = 300e6;

/**
 * Paints the content in the manner of the styles (Gatys et al. 2016): pixels are moved until their features at some
 * layers of a trained net are those of the content, and the statistics of features those of the styles.
 *
 * @param content what is shown; its proportions are kept
 * @param styles whose manner is taken: one, or several blended by weight or each where its mask says
 * @throws FoveaError with one sentence on bad pictures or options: `picture-missing`, `picture-too-small`,
 *   `backbone-unknown`, `layer-unknown`, `recipe-unknown`, `argument-range`, …
 */
export async function transferStyle(
  content: PictureInput,
  styles: StyleInput | readonly StyleInput[],
  options: StyleOptions = {},
): Promise<StyleResult> {
  checkOptions(options);
  const plan = await planCost(options);
  const subject: Subject = {
    content: await readContent(content),
    styles: await readStyles(Array.isArray(styles) ? styles : [styles as StyleInput]),
    plan,
    keepColors: options.keepColors ?? false,
    styleScale: options.styleScale ?? 1,
    tile: options.tile,
    seed: options.seed ?? 0,
  };
  const size = sizeWithSide(subject.content, options.size ?? LONGER_SIDE);
  const scales = planScales(size, options.iterations ?? ITERATIONS, options.scales);
  const transfer = new Transfer(subject, scales, options);
  return transfer.run();
}

function checkOptions(options: StyleOptions): void {
  const ranges: [keyof StyleOptions, number, number, "whole"?][] = [
    ["size", 16, 16_384, "whole"],
    ["iterations", 1, 1e6, "whole"],
    ["scales", 1, 12, "whole"],
    ["styleScale", 0.05, 20],
    ["tile", 64, 16_384, "whole"],
    ["snapshotEvery", 1, 1e6, "whole"],
    ["timeMs", 1, Number.POSITIVE_INFINITY],
  ];
  for (const [name, least, most, whole] of ranges) {
    const value = options[name];
    if (value === undefined) continue;
    const fits = Number(value) >= least && Number(value) <= most && (!whole || Number.isInteger(value));
    const range = Number.isFinite(most) ? `from ${least} to ${most}` : `of at least ${least}`;
    requireRange("transferStyle", name, value, fits, `a ${whole ? "whole " : ""}number ${range}`);
  }
}

/** A transfer under way. */
class Transfer {
  readonly #subject: Subject;
  readonly #scales: readonly Scale[];
  readonly #options: StyleOptions;
  readonly #pace: Pace;
  readonly #history: StyleProgress[] = [];
  /** The canvas so far, and the size of the picture on it. */
  #planes: Planes | undefined;
  #shown: (PictureSize & { border: number }) | undefined;
  #optimizer: PixelOptimizer | undefined;

  constructor(subject: Subject, scales: readonly Scale[], options: StyleOptions) {
    this.#subject = subject;
    this.#scales = scales;
    this.#options = options;
    this.#pace = new Pace(scales, options.timeMs);
  }

  async run(): Promise<StyleResult> {
    for (const [index, scale] of this.#scales.entries()) {
      if (index > 0 && this.#isStopped) break;
      const session = await openScale(this.#subject, scale);
      try {
        this.#enter(session, scale);
        await this.#optimize(session, scale, index);
      } finally {
        await session.objective.release();
      }
    }
    const picture = await this.#finish();
    const interrupted = this.#isStopped;
    return { picture, last: this.#history.at(-1), interrupted, history: this.#history };
  }

  get #isStopped(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  /** The first picture, or the last scale's brought to this one's size, with what the optimiser has learned. */
  #enter({ canvas, border, content, style }: ScaleSession, scale: Scale): void {
    const [before, shown] = [this.#planes, this.#shown];
    this.#shown = { ...sizeOf(scale), border };
    if (!before || !shown) {
      this.#planes = { ...canvas, data: firstPixels(this.#options, { canvas, content, style }) };
      this.#optimizer = this.#newOptimizer(canvas);
      return;
    }
    const grown = (data: Float32Array): Float32Array => {
      const cropped = cropPlanes({ ...sizeOf(before), data }, shown, shown.border);
      const enlarged = { ...sizeOf(scale), data: resizePlanes(cropped.data, shown, scale) };
      return framePlanes(enlarged, canvas, border).data;
    };
    this.#planes = { ...canvas, data: grown(before.data) };
    this.#optimizer = this.#optimizer!.resized(grown);
  }

  #newOptimizer({ width, height }: PictureSize): PixelOptimizer {
    if (this.#options.optimizer === "adam") return adam(3 * width * height);
    const last = this.#scales.at(-1)!;
    const bytes = 2 * 4 * 3 * last.width * last.height;
    return limitedMemory(Math.max(3, Math.min(PAIRS, Math.floor(PAIR_BYTES / bytes))));
  }

  async #optimize({ objective, canvas, border }: ScaleSession, scale: Scale, index: number): Promise<void> {
    const { onProgress, onSnapshot, snapshotEvery = 50 } = this.#options;
    const data = this.#planes!.data;
    const best = { cost: Number.POSITIVE_INFINITY, data: new Float32Array(0) };
    const judge = async (): Promise<Evaluated> => {
      const evaluated = await objective.evaluate(data);
      if (evaluated.cost < best.cost) {
        if (best.data.length === 0) best.data = new Float32Array(data.length);
        best.cost = evaluated.cost;
        best.data.set(data);
      }
      return evaluated;
    };
    this.#pace.begin(index);
    while (this.#pace.goesOn && !this.#isStopped) {
      const { gradient, ...parts } = await judge();
      if (!Number.isFinite(parts.cost)) throw diverged(parts.cost, this.#history.length);
      const rate = ADAM_RATE * (0.5 + 0.5 * Math.cos(Math.PI * this.#pace.shareOfScale));
      this.#optimizer!.step(data, parts.cost, gradient, rate);
      this.#pace.step();
      const progress = { ...this.#pace.report, ...sizeOf(scale), ...parts };
      this.#history.push(progress);
      onProgress?.(progress);
      if (onSnapshot && progress.iteration % snapshotEvery === 0) {
        await onSnapshot(await this.#inColors(cropPlanes({ ...canvas, data }, scale, border)), progress);
      }
    }
    // Every step is judged, the last one, too: one may have gone too far.
    if (!this.#isStopped) await judge();
    if (best.data.length > 0) this.#planes = { ...canvas, data: best.data };
  }

  /** The picture in the asked size and colours, also where it was stopped on the way there. */
  async #finish(): Promise<Picture> {
    const size = sizeOf(this.#scales.at(-1)!);
    const shown = cropPlanes(this.#planes!, this.#shown!, this.#shown!.border);
    const planes = { ...size, data: resizePlanes(shown.data, shown, size) };
    return this.#inColors(planes);
  }

  /** A picture in the colours that were asked for. */
  async #inColors(planes: Planes): Promise<Picture> {
    const { keepColors, content } = this.#subject;
    return toPicture(keepColors ? withColorsOf(planes, await planesAt(content, planes)) : planes);
  }
}

function sizeOf({ width, height }: PictureSize): PictureSize {
  return { width, height };
}

/** Half of a noise's range: it shall be a surface to start from, not a texture to keep. */
const NOISE = 0.1;

function firstPixels(
  { init = "content", seed = 0 }: StyleOptions,
  { canvas, content, style }: Pick<ScaleSession, "canvas" | "content" | "style">,
): Float32Array {
  if (init === "content") return content.data.slice();
  if (init === "style") return resizePlanes(style.data, style, canvas);
  const random = new Random(seed, 0x6e6f);
  return Float32Array.from(content.data, () => 0.5 + random.uniform(-NOISE, NOISE));
}

function diverged(cost: number, steps: number): FoveaError {
  return new FoveaError(
    "loss-not-finite",
    `The cost became ${cost} after ${steps} steps; use smaller weights, or --optimizer adam.`,
  );
}
