import type { Tensor } from "../../core/index.ts";
import type { Graph, Value } from "../../graph/index.ts";
import type { Scope } from "../../nn/index.ts";
import type { FaceEncoderCard } from "./card.ts";

/** Name of the step's input with the batch's faces. */
export const FACES = "faces";

/** Which part of the people a face belongs to: to train with, or to measure by. */
export type FacePart = "train" | "val";

/** Which encoder is trained, and on what: all in which training from pictures and training of last layers differ. */
export interface EncoderTask {
  /** Name of the net, for its card. */
  readonly model: string;
  /** Values that parameters start from, by name; the others are drawn. */
  readonly values?: ReadonlyMap<string, Tensor>;
  /** The step's input for so many faces. */
  input(graph: Graph, count: number): Value;
  /** Encodings `[count, size]` of the input; `stay` is what moving away from the start costs, where it costs anything. */
  build(scope: Scope, input: Value): { encodings: Value; stay?: Value };
  /** The input of a step: faces to train with, by their indices, as they are varied in that step. */
  batch(step: number, faces: readonly number[]): Promise<Tensor>;
  /** Encodings of the faces to measure by. */
  encodeVal(values: ReadonlyMap<string, Tensor>): Promise<Float32Array[]>;
  /** The whole encoder's file. */
  export(values: ReadonlyMap<string, Tensor>, card: FaceEncoderCard): Uint8Array;
  /** The parameters in such a file, by the names that they have in training. */
  readValues(file: Uint8Array): Map<string, Tensor>;
  /** Gives the engine's memory back. */
  close(): Promise<void>;
}
