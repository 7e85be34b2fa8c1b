import { type Tensor, tensor } from "../../core/index.ts";
import { encodeModel, Graph, sigmoid } from "../../graph/index.ts";
import { cardToMetadata, withAnyBatch } from "../../models/index.ts";
import { Scope } from "../../nn/index.ts";
import { type BinaryHead, headLogits } from "./binary-head.ts";
import type { FaceHeadCard, TrainedHead } from "./card.ts";

/** Where a binary head stands among the parameters. */
export const HEAD_PATH = "same";

/** A head with its numbers, out of the values that training has. */
export function trainedHead(head: BinaryHead, values: ReadonlyMap<string, Tensor>): TrainedHead {
  const numbers = (name: string) => Array.from(values.get(`${HEAD_PATH}.${name}`)!.data, Number);
  return { ...head, weight: numbers("weight"), bias: numbers("bias")[0] };
}

/** The values that training has, of a head with its numbers. */
export function headValues({ weight, bias }: TrainedHead): Map<string, Tensor> {
  return new Map([
    [`${HEAD_PATH}.weight`, tensor(weight, [weight.length, 1])],
    [`${HEAD_PATH}.bias`, tensor([bias])],
  ]);
}

/** A binary head's file: encodings `a` and `b` `[N, size]` in, `probability` `[N]` of being of one person out. */
export function exportHead(head: TrainedHead, card: FaceHeadCard): Uint8Array {
  const graph = new Graph();
  const [a, b] = ["a", "b"].map((name) => graph.input(name, [1, card.size]));
  const logits = headLogits(new Scope(graph, { values: headValues(head) }).at(HEAD_PATH), a, b, head);
  return withAnyBatch(
    encodeModel({
      outputs: { probability: sigmoid(logits) },
      metadata: cardToMetadata(card),
      shapes: false,
    }),
  );
}
