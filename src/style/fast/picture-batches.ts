import { FoveaError, Random, type Tensor } from "../../core/index.ts";
import { oncePerFile, type Problem } from "../../data/index.ts";
import { cropPicture, decodePicture, type Picture, resizePicture } from "../../image/index.ts";
import { matchColors, type Planes, toPlanes } from "../planes/index.ts";

/** What batches are drawn from. */
export interface BatchSource {
  /** Paths of pictures. */
  files: readonly string[];
  batchSize: number;
  /** Side of the squares that are cut out, in pixels. */
  size: number;
  seed: number;
  /** Gives each picture the style's colours as what it shall show. */
  colors?: Planes;
  onProblem?: (problem: Problem) => void;
}

/** Pictures as they are, and as what is painted of them shall show them, `[N, 3, size, size]` in 0…1. */
export interface PictureBatch {
  pictures: Tensor;
  shown: Tensor;
}

/** Pictures that are kept decoded, in bytes; of larger sets some are read again. */
const MEMORY_BYTES = 600e6;
/** They are kept at most so many times as wide and high as the squares. */
const KEPT_SIDES = 3;
/** The shorter side is between one and this many times the square's. */
const LARGEST_VIEW = 1.6;
/** Files that are drawn for a square before all are gone through. */
const DRAWS = 100;

/**
 * Batches of random squares of pictures. What a batch holds depends on files, seed and step only; the next one is read
 * while a step is computed.
 */
export class PictureBatches {
  readonly #source: BatchSource;
  readonly #kept = new Map<string, Picture>();
  #freeBytes = MEMORY_BYTES;
  readonly #bad = new Set<string>();
  readonly #onProblem: (problem: Problem) => void;
  #next: { step: number; batch: Promise<PictureBatch> } | undefined;

  constructor(source: BatchSource) {
    this.#source = source;
    this.#onProblem = oncePerFile(source.onProblem); // squares are read at the same time
  }

  /** The batch of a step; throws `dataset-empty` where no picture can be read. */
  async batch(step: number): Promise<PictureBatch> {
    const batch = await (this.#next?.step === step ? this.#next.batch : this.#compose(step));
    const next = this.#compose(step + 1);
    next.catch(() => {}); // told when it is asked for
    this.#next = { step: step + 1, batch: next };
    return batch;
  }

  async #compose(step: number): Promise<PictureBatch> {
    const { batchSize, size, seed } = this.#source;
    const squares = await Promise.all(
      Array.from({ length: batchSize }, (_, i) => this.#square(new Random(seed, 0x5370, step, i))),
    );
    const shape = [batchSize, 3, size, size];
    const joined = (planes: readonly Planes[]): Tensor => {
      const data = new Float32Array(batchSize * 3 * size * size);
      for (const [i, plane] of planes.entries()) data.set(plane.data, i * plane.data.length);
      return { dtype: "float32", shape, data };
    };
    const { colors } = this.#source;
    const pictures = joined(squares);
    return {
      pictures,
      shown: colors ? joined(squares.map((square) => matchColors(square, colors))) : pictures,
    };
  }

  /** A random square of a random picture that can be read. */
  async #square(random: Random): Promise<Planes> {
    const { size } = this.#source;
    const picture = await this.#anyPicture(random);
    // Cut out first: of a picture of one row nobody could enlarge the whole.
    const shorter = Math.min(picture.width, picture.height);
    const side = Math.max(1, Math.round(shorter / random.uniform(1, LARGEST_VIEW)));
    const left = random.integer(picture.width - side + 1);
    const top = random.integer(picture.height - side + 1);
    const part = cropPicture(picture, [left, top, left + side, top + side]);
    const square = toPlanes(await resizePicture(part, size, size));
    return random.chance(0.5) ? mirrored(square) : square;
  }

  /** Which one depends on what can be read, never on what has been found unreadable before: a resumed run knows less. */
  async #anyPicture(random: Random): Promise<Picture> {
    const { files } = this.#source;
    for (let draw = 0; draw < DRAWS; draw++) {
      const picture = await this.#readable(random.pick(files));
      if (picture) return picture;
    }
    for (const file of random.shuffle(files)) {
      const picture = await this.#readable(file);
      if (picture) return picture;
    }
    throw new FoveaError(
      "dataset-empty",
      `None of ${files.length} pictures could be read; check the folder of --data.`,
    );
  }

  async #readable(file: string): Promise<Picture | undefined> {
    if (this.#bad.has(file)) return undefined;
    try {
      return this.#kept.get(file) ?? (await this.#open(file));
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      this.#bad.add(file);
      this.#onProblem({ kind: "picture-unreadable", file, detail: error.message });
      return undefined;
    }
  }

  async #open(file: string): Promise<Picture> {
    const picture = await decodePicture(file, { fitWithin: KEPT_SIDES * this.#source.size });
    const bytes = picture.data.byteLength;
    if (bytes <= this.#freeBytes && !this.#kept.has(file)) {
      this.#freeBytes -= bytes;
      this.#kept.set(file, picture);
    }
    return picture;
  }
}

function mirrored({ width, height, data }: Planes): Planes {
  const flipped = new Float32Array(data.length);
  for (let row = 0; row < 3 * height; row++)
    for (let x = 0; x < width; x++) flipped[row * width + x] = data[row * width + width - 1 - x];
  return { width, height, data: flipped };
}
