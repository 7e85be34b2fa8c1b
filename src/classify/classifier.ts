import { FoveaError, sizeOf, type Tensor } from "../core/index.ts";
import { padChannels } from "../data/index.ts";
import { type Picture, readPicture } from "../image/index.ts";
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
   * @throws FoveaError `kind-mismatch` where the classifier is not one of pictures, `picture-size` for a decoded
   *   picture that is not RGB; what `decodePicture` throws
   */
  async classify(source: string | Uint8Array | Picture): Promise<Classification> {
    this.#require("pictures");
    const picture = await readPicture(source);
    const { width, height, data } = picture;
    return this.#run({ dtype: "uint8", shape: [height, width, 3], data });
  }

  /**
   * Classifies one sequence or volume: values of the shape `card.shape`, the last axis running fastest. A shorter
   * sequence, of whole time steps, is filled up with the last value of each channel as in training; a longer one is refused.
   * @throws FoveaError `kind-mismatch`, `shape-mismatch`, `example-unreadable` where a value is no finite number
   */
  async classifyValues(values: ArrayLike<number>): Promise<Classification> {
    this.#require("sequences", "volumes");
    const { shape, kind } = this.card;
    const size = sizeOf(shape);
    const [channels, length] = shape;
    const steps = values.length / channels;
    const isShorter = kind === "sequences" && steps < length && Number.isInteger(steps) && steps > 0;
    if (values.length !== size && !isShorter) {
      const remedy = kind === "sequences" && steps > length ? ": cut it, or train with longer ones" : "";
      throw new FoveaError(
        "shape-mismatch",
        `The classifier takes ${size} values (${shape.join("×")}), not ${values.length}${remedy}.`,
      );
    }
    const given = Float32Array.from(values);
    const at = given.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) {
      throw new FoveaError(
        "example-unreadable",
        `Value ${at} of the example is ${String(values[at]).slice(0, 40)}, which is not a finite 32-bit number: mend it, and give all values in one list of numbers.`,
      );
    }
    const data = isShorter ? padChannels(cut(given, steps), length) : given;
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

/** The channels of a sequence, `steps` values each. */
function cut(values: Float32Array, steps: number): Float32Array[] {
  return Array.from({ length: values.length / steps }, (_, c) => values.subarray(c * steps, (c + 1) * steps));
}
