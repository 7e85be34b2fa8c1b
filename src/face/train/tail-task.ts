import { Random, type Tensor } from "../../core/index.ts";
import { encodeModel, fromTensorProto, Graph, readModel, type Value } from "../../graph/index.ts";
import { cardToMetadata, withAnyBatch } from "../../models/index.ts";
import { Scope } from "../../nn/index.ts";
import { compile, type DeviceOptions, type Program } from "../../runtime/index.ts";
import { mirroredChip } from "../chip.ts";
import type { FaceEncoderCard } from "./card.ts";
import { type EncoderTask, FACES, type FacePart } from "./encoder-task.ts";
import type { FaceRecipe } from "./recipe.ts";
import { Tail } from "./tail.ts";
import type { TrainedEncoder } from "./trained-encoder.ts";

/** Faces whose features are put through the last layers at once. */
const AT_ONCE = 32;

/**
 * A trained encoder whose last layers learn on. What comes before them is computed once for each face and its mirror
 * image, so a step costs next to nothing.
 */
export class TailTask implements EncoderTask {
  readonly model: string;
  readonly values: ReadonlyMap<string, Tensor>;
  readonly #recipe: FaceRecipe;
  readonly #tail: Tail;
  readonly #device: DeviceOptions;
  readonly #front: Program;
  readonly #features: Record<FacePart, Float32Array[][]> = { train: [], val: [] };

  private constructor(recipe: FaceRecipe, model: string, tail: Tail, front: Program, device: DeviceOptions) {
    this.model = model;
    this.#recipe = recipe;
    this.#tail = tail;
    this.#front = front;
    this.#device = device;
    this.values = tail.values;
  }

  static async open(
    recipe: FaceRecipe,
    { imported, model }: TrainedEncoder,
    layers: number,
    device: DeviceOptions,
  ): Promise<TailTask> {
    const tail = new Tail(imported.outputs.descriptors, layers);
    const front = await compile({ outputs: tail.front().outputs, ...device });
    return new TailTask(recipe, model, tail, front, device);
  }

  /** Adds a face, `[3, side, side]`; its index in its part is the number of those before. */
  async add(part: FacePart, chip: Float32Array): Promise<void> {
    const { side, augment } = this.#recipe;
    const isMirrored = part === "train" && augment !== null;
    const chips = isMirrored ? [chip, mirroredChip(chip, side)] : [chip];
    this.#features[part].push(await this.#featuresOf(chips));
  }

  input(graph: Graph, count: number): Value {
    return graph.input(FACES, [count, ...this.#tail.shape]);
  }

  build(scope: Scope, input: Value): { encodings: Value; stay?: Value } {
    const { start } = this.#recipe;
    const { rate = 1, stay: strength = 0 } = start.kind === "encoder" ? start : {};
    const encodings = this.#tail.build(scope.withRate(rate), input);
    return { encodings, stay: this.#tail.distanceFromStart(scope, strength) };
  }

  async batch(step: number, faces: readonly number[]): Promise<Tensor> {
    const chosen = faces.map((index, slot) => {
      const features = this.#features.train[index];
      return new Random(this.#recipe.seed, step, slot).pick(features);
    });
    return this.#stacked(chosen, faces.length);
  }

  encodeVal(values: ReadonlyMap<string, Tensor>): Promise<Float32Array[]> {
    return this.#encode(
      this.#features.val.map(([features]) => features),
      values,
    );
  }

  /** Encodings of faces to train with, as they are before training: the first ones, evenly chosen. */
  firstEncodings(most: number): Promise<Float32Array[]> {
    const { train } = this.#features;
    const every = Math.max(1, Math.ceil(train.length / most));
    const chosen = train.filter((_, i) => i % every === 0).map(([features]) => features);
    return this.#encode(chosen, this.values);
  }

  export(values: ReadonlyMap<string, Tensor>, card: FaceEncoderCard): Uint8Array {
    const { result } = this.#tail.whole(values).outputs;
    return withAnyBatch(
      encodeModel({ outputs: { descriptors: result }, metadata: cardToMetadata(card), shapes: false }),
    );
  }

  readValues(file: Uint8Array): Map<string, Tensor> {
    const { initializer } = readModel(file).graph;
    return this.#tail.named(new Map(initializer.map((proto) => [proto.name, fromTensorProto(proto)])));
  }

  close(): Promise<void> {
    return this.#front.release();
  }

  async #featuresOf(chips: readonly Float32Array[]): Promise<Float32Array[]> {
    const { side } = this.#recipe;
    const features: Float32Array[] = [];
    for (const data of chips) {
      const pictures = { dtype: "float32", shape: [1, 3, side, side], data } as const;
      const results = await this.#front.run({ pictures });
      features.push(Float32Array.from(results.features.data as Float32Array));
    }
    return features;
  }

  /** Features as one tensor of `count` rows, the last ones 0 where there are fewer. */
  #stacked(rows: readonly Float32Array[], count: number): Tensor {
    const shape = [count, ...this.#tail.shape];
    const size = shape.slice(1).reduce((product, dim) => product * dim, 1);
    const data = new Float32Array(count * size);
    for (const [i, row] of rows.entries()) data.set(row, i * size);
    return { dtype: "float32", shape, data };
  }

  async #encode(
    features: readonly Float32Array[],
    values: ReadonlyMap<string, Tensor>,
  ): Promise<Float32Array[]> {
    const graph = new Graph();
    const input = this.input(graph, AT_ONCE);
    const descriptors = this.#tail.build(new Scope(graph, { values }), input);
    if (descriptors === input) return features.map((row) => row.slice());
    const program = await compile({ outputs: { descriptors }, ...this.#device });
    try {
      const encodings: Float32Array[] = [];
      for (let start = 0; start < features.length; start += AT_ONCE) {
        const rows = features.slice(start, start + AT_ONCE);
        const results = await program.run({ [FACES]: this.#stacked(rows, AT_ONCE) });
        const { data, shape } = results.descriptors;
        for (let i = 0; i < rows.length; i++)
          encodings.push((data as Float32Array).slice(i * shape[1], (i + 1) * shape[1]));
      }
      return encodings;
    } finally {
      await program.release();
    }
  }
}
