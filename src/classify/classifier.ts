import { FoveaError, type Tensor } from "../core/index.ts";
import { decodePicture, type Picture } from "../image/index.ts";
import { openModelFile } from "../models/index.ts";
import { type DeviceOptions, Program } from "../runtime/index.ts";
import { INPUT_NAMES } from "./export.ts";
import { type ClassifierCard, cardOf } from "./model-card.ts";

/** A class with its probability. */
export interface Guess {
  label: string;
  classIndex: number;
  /** Probability in [0, 1]. */
  score: number;
}

/** What a classifier says of one example. */
export interface Classification extends Guess {
  /** All classes by falling probability. */
  guesses: Guess[];
  /** Probabilities by class index. */
  probabilities: Float32Array;
}

/** A trained classifier, ready to be asked. */
export class Classifier {
  /** What the model's file says of itself. */
  readonly card: ClassifierCard;
  readonly #program: Program;

  private constructor(card: ClassifierCard, program: Program) {
    this.card = card;
    this.#program = program;
  }

  /**
   * Opens a classifier from its file or the file's bytes.
   * @throws FoveaError `model-missing`, `model-unreadable`, `not-a-classifier`
   */
  static async load(source: string | Uint8Array, device: DeviceOptions = {}): Promise<Classifier> {
    const { name, bytes, model } = await openModelFile(source);
    const card = cardOf(model, name);
    return new Classifier(card, await Program.load(bytes, device));
  }

  /** Names of the classes that it knows. */
  get classes(): readonly string[] {
    return this.card.classes;
  }

  /**
   * Classifies one picture: a file, its bytes, or a decoded picture.
   * @throws FoveaError `kind-mismatch` where the classifier is not one of pictures; what `decodePicture` throws
   */
  async classify(source: string | Uint8Array | Picture): Promise<Classification> {
    this.#require("pictures");
    const picture =
      typeof source === "string" || source instanceof Uint8Array ? await decodePicture(source) : source;
    const { width, height, data } = picture;
    return this.#run({ dtype: "uint8", shape: [height, width, 3], data });
  }

  /**
   * Classifies one sequence or volume: values of the shape `card.shape`, the last axis running fastest. A sequence of
   * another length is stretched to the length that the net was trained with.
   * @throws FoveaError `kind-mismatch`, `shape-mismatch`
   */
  async classifyValues(values: ArrayLike<number>): Promise<Classification> {
    this.#require("sequences", "volumes");
    const { shape, kind } = this.card;
    const size = shape.reduce((product, dim) => product * dim, 1);
    const [channels, length] = shape;
    const fits = values.length === size || (kind === "sequences" && values.length % channels === 0);
    if (!fits || values.length === 0) {
      throw new FoveaError(
        "shape-mismatch",
        `The classifier takes ${size} values (${shape.join("×")}), not ${values.length}.`,
      );
    }
    const data =
      values.length === size ? Float32Array.from(values) : stretch(Array.from(values), channels, length);
    return this.#run({ dtype: "float32", shape, data });
  }

  /** Gives the engine's memory back. */
  close(): Promise<void> {
    return this.#program.release();
  }

  #require(...kinds: readonly string[]): void {
    if (kinds.includes(this.card.kind)) return;
    throw new FoveaError(
      "kind-mismatch",
      `The classifier was trained on ${this.card.kind}, not on ${kinds.join(" or ")}; give it what it knows.`,
    );
  }

  async #run(input: Tensor): Promise<Classification> {
    const results = await this.#program.run({ [INPUT_NAMES[this.card.kind]]: input });
    const probabilities = Float32Array.from(results.probabilities.data as Float32Array);
    const guesses = Array.from(probabilities, (score, classIndex): Guess => {
      return { label: this.card.classes[classIndex], classIndex, score };
    }).sort((a, b) => b.score - a.score || a.classIndex - b.classIndex);
    return { ...guesses[0], guesses, probabilities };
  }
}

/** Each channel linearly interpolated to `length` values, end points kept. */
function stretch(values: readonly number[], channels: number, length: number): Float32Array {
  const given = values.length / channels;
  return Float32Array.from({ length: channels * length }, (_, i) => {
    const at = length > 1 ? ((i % length) * (given - 1)) / (length - 1) : 0;
    const row = Math.floor(i / length) * given;
    const low = Math.floor(at);
    const next = values[row + Math.min(low + 1, given - 1)];
    return values[row + low] + (next - values[row + low]) * (at - low);
  });
}
