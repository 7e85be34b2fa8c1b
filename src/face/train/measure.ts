import { createHash } from "node:crypto";
import { packageVersion, type Tensor } from "../../core/index.ts";
import { readModel } from "../../graph/index.ts";
import { readCard } from "../../models/index.ts";
import type { DeviceOptions } from "../../runtime/index.ts";
import { encoderDigest } from "../encoder-model.ts";
import type { FaceEncoderCard, FaceHeadCard, TrainedHead } from "./card.ts";
import type { EncoderTask } from "./encoder-task.ts";
import { evaluateFaces, type FaceEvaluation } from "./evaluate.ts";
import { exportHead, headValues, trainedHead } from "./export-head.ts";
import type { FaceRecipe } from "./recipe.ts";
import { SiameseHead } from "./siamese-head.ts";

/** What is measured with. */
export interface MeasureOptions {
  recipe: FaceRecipe;
  task: EncoderTask;
  /** The person of each face to measure by. */
  people: readonly number[];
  /** Fingerprint of the people that it is trained on. */
  trainedOn: string;
  /** Digest of the encoder that is trained on, where it stays as it is. */
  frozen?: string;
  device: DeviceOptions;
}

/** Makes models of parameters and measures them. */
export class Measure {
  readonly #options: MeasureOptions;

  constructor(options: MeasureOptions) {
    this.#options = options;
  }

  /** The figures of parameters, and the model as it would ship: an encoder, or a head where only that is trained. */
  async of(values: ReadonlyMap<string, Tensor>): Promise<{ evaluation: FaceEvaluation; model: Uint8Array }> {
    const { recipe, task, frozen } = this.#options;
    const head = recipe.head && trainedHead(recipe.head, values);
    const evaluation = await this.#evaluate(values, head);
    const { threshold } = evaluation;
    const isKnown = Number.isFinite(threshold);
    const judging = head && { ...head, ...(isKnown && { threshold: 1 - threshold }) };
    if (frozen) return { evaluation, model: this.#headFile(judging!, frozen) };
    const known = judging ? { head: judging } : isKnown ? { threshold } : {};
    return { evaluation, model: task.export(values, { ...this.#encoderCard(), ...known }) };
  }

  /** The figures of a model that was made here. */
  async ofModel(file: Uint8Array): Promise<FaceEvaluation> {
    const { task, frozen } = this.#options;
    const { head } = readCard(readModel(file)) as { head?: TrainedHead };
    const values = frozen ? task.values! : task.readValues(file);
    return this.#evaluate(new Map([...values, ...(head ? headValues(head) : [])]), head);
  }

  /** The head's file of a model that was made here with one. */
  headOf(model: Uint8Array): Uint8Array {
    if (this.#options.frozen) return model;
    const { head } = readCard(readModel(model)) as Partial<FaceEncoderCard>;
    const net = createHash("sha256").update(model).digest("hex");
    return this.#headFile(head!, encoderDigest(net, this.#options.recipe.alignment));
  }

  #headFile(head: TrainedHead, encoder: string): Uint8Array {
    const { recipe, trainedOn } = this.#options;
    const card: FaceHeadCard = {
      task: "same-person",
      head,
      size: recipe.size,
      encoder,
      trainedOn,
      version: packageVersion(),
    };
    return exportHead(head, card);
  }

  async #evaluate(
    values: ReadonlyMap<string, Tensor>,
    trained: TrainedHead | undefined,
  ): Promise<FaceEvaluation> {
    const { task, people, device } = this.#options;
    const encodings = await task.encodeVal(values);
    if (!trained) return evaluateFaces(encodings, people);
    const head = await SiameseHead.load(this.#headFile(trained, ""), device);
    try {
      return await evaluateFaces(encodings, people, head);
    } finally {
      await head.close();
    }
  }

  #encoderCard(): FaceEncoderCard {
    const { recipe, task, trainedOn } = this.#options;
    const { side, alignment, size, normalized } = recipe;
    return {
      task: "describe",
      model: task.model,
      side,
      alignment,
      size,
      normalized,
      trainedOn,
      version: packageVersion(),
    };
  }
}
