import { FoveaError, type Tensor } from "../core/index.ts";
import type { Xyxy } from "../geometry/index.ts";
import { type Picture, readPicture } from "../image/index.ts";
import { openModelFile } from "../models/index.ts";
import { type DeviceOptions, Program } from "../runtime/index.ts";
import { cardOf, type LocalizerCard } from "./model-card.ts";

/** What a localizer says of one picture. */
export interface Localization {
  /** Whether there is an object: `presence` reaches the threshold. */
  present: boolean;
  /** Pc, the probability of an object, in [0, 1]. */
  presence: number;
  /** The object's class, if there is one: the most probable. */
  label: string;
  classIndex: number;
  /** Its probability, given an object, in [0, 1]. */
  score: number;
  /** Corners of the object, if there is one, in pixels of the upright picture. */
  box: Xyxy;
  /** Probabilities of the classes, given an object, by class index. */
  probabilities: Float32Array;
}

/** How to open a localizer. */
export interface LocalizerOptions extends DeviceOptions {
  /** Pc from which on there is an object, in [0, 1]; default: the file's own, 0.5. */
  presenceThreshold?: number;
}

/** A trained localizer, ready to look at pictures with one object or none. */
export class Localizer {
  /** What the model's file says of itself. */
  readonly card: LocalizerCard;
  readonly presenceThreshold: number;
  readonly #program: Program;

  private constructor(card: LocalizerCard, presenceThreshold: number, program: Program) {
    this.card = card;
    this.presenceThreshold = presenceThreshold;
    this.#program = program;
  }

  /**
   * Opens a localizer from its file or the file's bytes.
   * @throws FoveaError `model-missing`, `model-unreadable`, `not-a-localizer`, `argument-range`
   */
  static async load(source: string | Uint8Array, options: LocalizerOptions = {}): Promise<Localizer> {
    const { name, bytes, model } = await openModelFile(source);
    const card = cardOf(model, name);
    const { presenceThreshold = card.presenceThreshold, ...device } = options;
    if (!(presenceThreshold >= 0 && presenceThreshold <= 1)) {
      throw new FoveaError(
        "argument-range",
        `Localizer: \`presenceThreshold\` (=${presenceThreshold}) must be within 0 … 1.`,
      );
    }
    return new Localizer(card, presenceThreshold, await Program.load(bytes, device));
  }

  /** Names of the classes that it knows. */
  get classes(): readonly string[] {
    return this.card.classes;
  }

  /**
   * Looks for the object of a picture: a file, its bytes, or a decoded picture.
   * @throws FoveaError `picture-size` for a decoded picture that is not RGB; what `decodePicture` throws
   */
  async localize(source: string | Uint8Array | Picture): Promise<Localization> {
    const picture = await readPicture(source);
    const { width, height, data } = picture;
    const image: Tensor = { dtype: "uint8", shape: [height, width, 3], data };
    const results = await this.#program.run({ image });
    const presence = results.presence.data[0] as number;
    const probabilities = Float32Array.from(results.probabilities.data as Float32Array);
    const score = Math.max(...probabilities);
    const classIndex = probabilities.indexOf(score);
    return {
      present: presence >= this.presenceThreshold,
      presence,
      label: this.card.classes[classIndex],
      classIndex,
      score,
      box: Array.from(results.box.data as Float32Array) as unknown as Xyxy,
      probabilities,
    };
  }

  /** Gives the engine's memory back. */
  close(): Promise<void> {
    return this.#program.release();
  }
}
