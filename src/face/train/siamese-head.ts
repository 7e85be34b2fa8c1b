import { FoveaError } from "../../core/index.ts";
import { openModelFile, readCard } from "../../models/index.ts";
import { type DeviceOptions, Program } from "../../runtime/index.ts";
import type { EncoderModel } from "../encoder-model.ts";
import type { FaceHeadCard } from "./card.ts";

/** Pairs that are judged at once. */
const AT_ONCE = 8192;

/** Says of two encodings whether they are of one person: the binary head of a Siamese net, as `fovea face train` makes it. */
export class SiameseHead {
  /** What the head's file says of itself. */
  readonly card: FaceHeadCard;
  readonly #program: Program;

  private constructor(card: FaceHeadCard, program: Program) {
    this.card = card;
    this.#program = program;
  }

  /**
   * Opens a head from its file or the file's bytes.
   * @throws FoveaError `model-missing`, `model-unreadable`, `not-a-head`
   */
  static async load(source: string | Uint8Array, device: DeviceOptions = {}): Promise<SiameseHead> {
    const { name, bytes, model } = await openModelFile(source);
    const card: Partial<FaceHeadCard> = readCard(model);
    if (card.task !== "same-person") {
      throw new FoveaError(
        "not-a-head",
        `Model \`${name}\` does not compare encodings${card.task ? ` (its task is "${card.task}")` : ""}; give a head.onnx of \`fovea face train --loss binary\`.`,
      );
    }
    return new SiameseHead(card as FaceHeadCard, await Program.load(bytes, device));
  }

  /**
   * Refuses another encoder than the one whose encodings the head was trained on, faces alone without mirror images.
   * @throws FoveaError `head-other-encoder`
   */
  requireEncoder({ name, digest }: EncoderModel): void {
    const { encoder } = this.card;
    if (encoder === digest) return;
    throw new FoveaError(
      "head-other-encoder",
      `The head judges encodings of another encoder (${encoder.slice(0, 12)}…) than \`${name}\` (${digest.slice(0, 12)}…): give the encoder that it was trained with, such as the best.onnx beside it (--model).`,
    );
  }

  /**
   * Probability in [0, 1] that two encodings are of one person.
   * @throws FoveaError `shape-mismatch` for encodings of another length
   */
  async probability(a: Float32Array, b: Float32Array): Promise<number> {
    return (await this.probabilities([a], [b]))[0];
  }

  /**
   * The same for many pairs: the first of `a` with the first of `b`, and so on.
   * @throws FoveaError `shape-mismatch` for encodings of another length, or as many of `a` as of `b`
   */
  async probabilities(a: readonly Float32Array[], b: readonly Float32Array[]): Promise<Float32Array> {
    const { size } = this.card;
    const wrong = [...a, ...b].find((encoding) => encoding.length !== size);
    if (wrong || a.length !== b.length) {
      throw new FoveaError(
        "shape-mismatch",
        wrong
          ? `The head compares encodings of ${size} numbers, not of ${wrong.length}: use those of the encoder that it was trained with.`
          : `${a.length} encodings cannot be compared with ${b.length}: give pairs.`,
      );
    }
    const results = new Float32Array(a.length);
    for (let start = 0; start < a.length; start += AT_ONCE) {
      const feeds = {
        a: stacked(a.slice(start, start + AT_ONCE), size),
        b: stacked(b.slice(start, start + AT_ONCE), size),
      };
      const { probability } = await this.#program.run(feeds);
      results.set(probability.data as Float32Array, start);
    }
    return results;
  }

  /** Gives the engine's memory back. */
  close(): Promise<void> {
    return this.#program.release();
  }
}

function stacked(encodings: readonly Float32Array[], size: number) {
  const data = new Float32Array(encodings.length * size);
  for (const [i, encoding] of encodings.entries()) data.set(encoding, i * size);
  return { dtype: "float32", shape: [encodings.length, size], data } as const;
}
