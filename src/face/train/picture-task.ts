import { Random, type Tensor } from "../../core/index.ts";
import { type Augment, type AugmentOptions, composeSample, resolveAugment } from "../../data/index.ts";
import { cast, encodeModel, fromTensorProto, Graph, readModel, type Value } from "../../graph/index.ts";
import { cardToMetadata, withAnyBatch } from "../../models/index.ts";
import { Scope } from "../../nn/index.ts";
import type { DeviceOptions } from "../../runtime/index.ts";
import { FaceEncoder } from "../encoder.ts";
import type { FaceEncoderCard } from "./card.ts";
import { encoderNet } from "./encoder-net.ts";
import { type EncoderTask, FACES } from "./encoder-task.ts";
import type { FaceRecipe } from "./recipe.ts";
import type { SquareStore } from "./square-store.ts";

/** Faces that are encoded at once. */
const AT_ONCE = 32;

/** What leaves pictures as they are. */
const UNVARIED: AugmentOptions = {
  flipHorizontal: 0,
  scale: [1, 1],
  aspect: 1,
  translate: 0,
  hue: 0,
  saturation: [1, 1],
  brightness: [1, 1],
  contrast: [1, 1],
  grey: 0,
  blur: 0,
};

/** An encoder that learns from pictures, all of it. */
export class PictureTask implements EncoderTask {
  readonly model: string;
  readonly values: ReadonlyMap<string, Tensor> | undefined;
  readonly #recipe: FaceRecipe;
  readonly #squares: SquareStore;
  readonly #val: readonly Float32Array[];
  readonly #augment: Augment;
  readonly #device: DeviceOptions;

  /** @param val what the encoder looks at when it is measured, see `plainChip` */
  constructor(
    recipe: FaceRecipe,
    squares: SquareStore,
    val: readonly Float32Array[],
    { values, ...device }: DeviceOptions & { values?: ReadonlyMap<string, Tensor> } = {},
  ) {
    this.#recipe = recipe;
    this.#squares = squares;
    this.#val = val;
    this.#device = device;
    this.values = values;
    this.model = recipe.start.kind === "backbone" ? `face-${recipe.start.model}` : "face-residual";
    this.#augment = zoomed(resolveAugment({ mosaic: 0, ...(recipe.augment ?? UNVARIED) }), squares);
  }

  input(graph: Graph, count: number): Value {
    const { side } = this.#recipe;
    return graph.input(FACES, [count, 3, side, side], "uint8");
  }

  build(scope: Scope, input: Value): { encodings: Value } {
    return { encodings: encoderNet(scope, cast(input, "float32"), this.#recipe) };
  }

  async batch(step: number, faces: readonly number[]): Promise<Tensor> {
    const { side, seed } = this.#recipe;
    const size = 3 * side * side;
    const data = new Uint8Array(faces.length * size);
    for (const [slot, index] of faces.entries()) {
      const pyramid = await this.#squares.load(index);
      const { width, height } = pyramid;
      const sample = { id: this.#squares.idOf(index), width, height, pyramid, boxes: [] };
      const canvas = { width: side, height: side, data: data.subarray(slot * size, (slot + 1) * size) };
      composeSample(new Random(seed, step, slot), { shown: [sample], blended: [] }, canvas, this.#augment);
    }
    return { dtype: "uint8", shape: [faces.length, 3, side, side], data };
  }

  /** By the file that ships, so that what is measured is what is used. */
  async encodeVal(values: ReadonlyMap<string, Tensor>): Promise<Float32Array[]> {
    const { side, alignment, size } = this.#recipe;
    const encoder = await FaceEncoder.load(
      exported(values, this.#recipe, { task: "describe", side, alignment, size }),
      this.#device,
    );
    try {
      const encodings: Float32Array[] = [];
      for (let i = 0; i < this.#val.length; i += AT_ONCE)
        encodings.push(...(await encoder.encodeChips(this.#val.slice(i, i + AT_ONCE))));
      return encodings;
    } finally {
      await encoder.close();
    }
  }

  export(values: ReadonlyMap<string, Tensor>, card: FaceEncoderCard): Uint8Array {
    return exported(values, this.#recipe, card);
  }

  readValues(file: Uint8Array): Map<string, Tensor> {
    return new Map(readModel(file).graph.initializer.map((proto) => [proto.name, fromTensorProto(proto)]));
  }

  async close(): Promise<void> {}
}

/** Squares show more than the chip: they are drawn larger by that. */
function zoomed(augment: Augment, { shape: { zoom } }: SquareStore): Augment {
  const [low, high] = augment.scale;
  return { ...augment, scale: [low * zoom, high * zoom] };
}

/** `pictures` float32 `[N, 3, side, side]` in 0…255 in, `descriptors` `[N, size]` out. */
function exported(values: ReadonlyMap<string, Tensor>, recipe: FaceRecipe, card: object): Uint8Array {
  const { side } = recipe;
  const graph = new Graph();
  const pictures = graph.input("pictures", [1, 3, side, side]);
  const descriptors = encoderNet(new Scope(graph, { values }), pictures, recipe);
  return withAnyBatch(
    encodeModel({ outputs: { descriptors }, metadata: cardToMetadata(card), shapes: false }),
  );
}
