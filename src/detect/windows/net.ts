import type { Tensor } from "../../core/index.ts";
import {
  cast,
  encodeModel,
  Graph,
  maxPool,
  mul,
  relu,
  reshape,
  softmax,
  type Value,
} from "../../graph/index.ts";
import { cardToMetadata, unit, withAnyBatch } from "../../models/index.ts";
import { dense, heNormal, Scope } from "../../nn/index.ts";
import type { WindowsCard } from "./model-card.ts";

/** Pixels from one window to the next: the product of the net's strides. */
export const WINDOW_STRIDE = 8;

/** Sides of a window are multiples of the stride, from here on. */
export const LEAST_WINDOW = 32;

/**
 * Logits `[N, 1 + classes]`, background first, of uint8 crops `[N, 3, H, W]` whose sides are multiples of 8.
 *
 * Nothing is padded, so that a crop's answer depends on the crop alone, and every division comes out even (64 → 30 →
 * 28 → 14 → 12 → 6): turned into convolutions the same net gives, in one pass over a picture, exactly what it says of
 * each of its windows.
 */
export function windowNet(scope: Scope, crops: Value, classes: number): Value {
  const x = mul(cast(crops, "float32"), 1 / 255);
  let y = unit(scope.at("a"), x, { outChannels: 16, kernelSize: 5, stride: 2, padding: 0 });
  y = unit(scope.at("b"), y, { outChannels: 32, kernelSize: 3, padding: 0 });
  y = maxPool(y, { kernelSize: 2, stride: 2 });
  y = unit(scope.at("c"), y, { outChannels: 64, kernelSize: 3, padding: 0 });
  y = maxPool(y, { kernelSize: 2, stride: 2 });
  y = unit(scope.at("d"), y, { outChannels: 32, kernelSize: 1, padding: 0 });
  const [, channels, rows, columns] = y.dims;
  const features = reshape(y, [-1, channels * rows * columns]);
  const hidden = relu(dense(scope.at("e"), features, { outFeatures: 64 }));
  return dense(scope.at("f"), hidden, { outFeatures: 1 + classes, initialize: heNormal(0.5) });
}

/**
 * The file that ships: the crop classifier with its dense layers, `windows` uint8 `[N, 3, H, W]` in, `probabilities`
 * `[N, 1 + classes]` out. Whoever opens it slides it over pictures, one way or the other.
 */
export function exportWindows(card: WindowsCard, values: ReadonlyMap<string, Tensor>): Uint8Array {
  const graph = new Graph();
  const { width, height } = card.window;
  const windows = graph.input("windows", [1, 3, height, width], "uint8");
  const logits = windowNet(new Scope(graph, { values }), windows, card.classes.length);
  const probabilities = softmax(logits, 1);
  return withAnyBatch(encodeModel({ outputs: { probabilities }, metadata: cardToMetadata(card) }));
}
