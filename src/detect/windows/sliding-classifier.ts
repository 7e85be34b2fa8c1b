import { FoveaError, type Tensor } from "../../core/index.ts";
import { denseToConvolution, summarize, type Value } from "../../graph/index.ts";
import { compile, type DeviceOptions, type Program } from "../../runtime/index.ts";
import { type ClassifierFileOptions, readClassifier } from "./classifier-file.ts";
import { padsNothing, strideOf, withBatch } from "./net-geometry.ts";
import { ProgramCache } from "./program-cache.ts";

/** What a classifier says of every window of a picture. */
export interface ScoreMap {
  rows: number;
  columns: number;
  /** `[classes, rows, columns]`. */
  scores: Float32Array;
}

/** What it costs to look at all windows of a picture, in floating-point operations. */
export interface SlidingCost {
  windows: number;
  naiveFlops: number;
  convolutionalFlops: number;
}

/** How to open a classifier. */
export interface SlidingOptions extends ClassifierFileOptions, DeviceOptions {}

/** Windows that the naive way hands over at once. */
const NAIVE_BATCH = 64;

/** Programs that are kept, one for each size of picture and each way. */
const KEPT_PROGRAMS = 24;

/**
 * Any classifier of pictures of one size, slid over larger ones in two ways: naively, one pass for each window, or
 * with its dense layers turned into convolutions, one pass for all of them.
 *
 * Where the net pads nothing, both ways give the same scores. Where it pads, they differ: a crop's convolutions see
 * zeros beyond its border, those of the whole picture see what is there.
 */
export class SlidingClassifier {
  readonly window: { width: number; height: number };
  /** Scores for each window. */
  readonly classes: number;
  /** Pixels from one window to the next: the product of the net's strides. */
  readonly stride: number;
  /** Whether the net pads nothing, so that both ways agree. */
  readonly exact: boolean;
  readonly #input: Value;
  readonly #scores: Value;
  readonly #device: DeviceOptions;
  readonly #programs = new ProgramCache(KEPT_PROGRAMS);

  private constructor(input: Value, scores: Value, device: DeviceOptions) {
    const [, , height, width] = input.dims;
    this.window = { width, height };
    this.classes = scores.dims[1];
    this.#input = input;
    this.#scores = scores;
    this.#device = device;
    this.stride = strideOf(scores, input);
    this.exact = padsNothing(scores);
  }

  /**
   * Opens a classifier from the bytes of an ONNX file: one input `[N, 3, height, width]`, one output `[N, classes]`.
   * @throws FoveaError `not-a-classifier`, `not-convolutional`; what `importModel` throws
   */
  static open(bytes: Uint8Array, { window, output, ...device }: SlidingOptions = {}): SlidingClassifier {
    const { input, scores } = readClassifier(bytes, { window, output });
    return SlidingClassifier.of(input, scores, device);
  }

  /** A classifier that is a graph: its input `[1, 3, height, width]` and its scores `[1, classes]`. */
  static of(input: Value, scores: Value, device: DeviceOptions = {}): SlidingClassifier {
    return new SlidingClassifier(input, scores, device);
  }

  /** The element type of its input: of pictures "uint8", or "float32" for prepared ones. */
  get dtype(): Tensor["dtype"] {
    return this.#input.dtype;
  }

  /**
   * Scores of all windows of a picture `[1, 3, H, W]`, in one pass.
   * @throws FoveaError `window-too-large` where the picture is smaller than a window
   */
  async convolve(picture: Tensor): Promise<ScoreMap> {
    const { rows, columns } = this.positions(picture.shape[3], picture.shape[2]);
    const { shape } = picture;
    const scores = await this.#programs.use(
      `convolutional ${shape}`,
      () => this.#compile(() => this.#convolutional(shape)),
      async (program) =>
        firstCells((await program.run({ [this.#input.name]: picture })).scores, rows, columns),
    );
    return { rows, columns, scores };
  }

  /** The same scores, one forward pass for each window, in batches. @throws as {@link convolve} */
  async slide(picture: Tensor): Promise<ScoreMap> {
    const { rows, columns } = this.positions(picture.shape[3], picture.shape[2]);
    const batch = Math.min(NAIVE_BATCH, rows * columns);
    const scores = await this.#programs.use(
      `naive ${batch}`,
      () => this.#compile(() => withBatch(this.#scores, this.#input, batch)),
      (program) => this.#slideBy(program, batch, picture, { rows, columns }),
    );
    return { rows, columns, scores };
  }

  /** Scores `[classes, rows, columns]` of the windows of a picture, `batch` at once. */
  async #slideBy(
    program: Program,
    batch: number,
    picture: Tensor,
    { rows, columns }: { rows: number; columns: number },
  ): Promise<Float32Array> {
    const count = rows * columns;
    const scores = new Float32Array(this.classes * count);
    const { width, height } = this.window;
    const shape = [batch, 3, height, width];
    const data = new (this.dtype === "uint8" ? Uint8Array : Float32Array)(batch * 3 * height * width);
    for (let start = 0; start < count; start += batch) {
      const filled = Math.min(batch, count - start);
      for (let i = 0; i < filled; i++) {
        const [row, column] = [Math.floor((start + i) / columns), (start + i) % columns];
        cutWindow(picture, column * this.stride, row * this.stride, this.window, data, i);
      }
      const results = await program.run({ [this.#input.name]: { dtype: this.dtype, shape, data } });
      const answers = results.scores.data as Float32Array; // [batch, classes]
      for (let i = 0; i < filled; i++) {
        for (let k = 0; k < this.classes; k++) scores[k * count + start + i] = answers[i * this.classes + k];
      }
    }
    return scores;
  }

  /** Windows of a picture, in rows and columns. @throws FoveaError `window-too-large` */
  positions(width: number, height: number): { rows: number; columns: number } {
    if (width < this.window.width || height < this.window.height) {
      throw new FoveaError(
        "window-too-large",
        `A window of ${this.window.width}×${this.window.height} pixels does not fit a picture of ${width}×${height}; enlarge the picture, or slide a smaller window.`,
      );
    }
    const along = (side: number, window: number) => Math.floor((side - window) / this.stride) + 1;
    return { rows: along(height, this.window.height), columns: along(width, this.window.width) };
  }

  /** What both ways cost on a picture of a size. */
  costOf(width: number, height: number): SlidingCost {
    const { rows, columns } = this.positions(width, height);
    const windows = rows * columns;
    return {
      windows,
      naiveFlops: windows * summarize([this.#scores]).flops,
      convolutionalFlops: summarize([this.#convolutional([1, 3, height, width])]).flops,
    };
  }

  /** Gives the engine's memory back. */
  close(): Promise<void> {
    return this.#programs.close();
  }

  #convolutional(shape: readonly number[]): Value {
    return denseToConvolution({ scores: this.#scores }, this.#input, shape).outputs.scores;
  }

  async #compile(scores: () => Value): Promise<Program> {
    return compile({ outputs: { scores: scores() }, ...this.#device });
  }
}

/** The cells whose windows lie within the picture; a net with room to spare answers for more. */
function firstCells({ shape, data }: Tensor, rows: number, columns: number): Float32Array {
  const [, classes, allRows, allColumns] = shape;
  const scores = new Float32Array(classes * rows * columns);
  for (let k = 0; k < classes; k++) {
    for (let row = 0; row < rows; row++) {
      const from = (k * allRows + row) * allColumns;
      scores.set((data as Float32Array).subarray(from, from + columns), (k * rows + row) * columns);
    }
  }
  return scores;
}

/** Copies a window of a picture `[1, 3, H, W]` to place `slot` of a batch. */
function cutWindow(
  { shape, data }: Tensor,
  left: number,
  top: number,
  { width, height }: { width: number; height: number },
  into: Uint8Array | Float32Array,
  slot: number,
): void {
  const [, channels, rows, columns] = shape;
  const source = data as Uint8Array;
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < height; y++) {
      const from = (channel * rows + top + y) * columns + left;
      into.set(source.subarray(from, from + width), ((slot * channels + channel) * height + y) * width);
    }
  }
}
