import { type Tensor, tensor } from "../../src/core/index.ts";
import { conv, encodeModel, Graph, maxPool, relu, type Value } from "../../src/graph/index.ts";
import { pixelConventions } from "../../src/models/index.ts";
import { costRecipes } from "../../src/style/cost/index.ts";
import { FeatureNet } from "../../src/style/net/index.ts";
import type { CostPlan } from "../../src/style/optimize/index.ts";
import type { Planes } from "../../src/style/planes/index.ts";

/** The numbers of `wave` in tools/golden/style.py. */
export function wave(shape: readonly number[], phase: number, factor = 1): Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  const values = Array.from(
    { length: count },
    (_, i) => factor * Math.sin(0.7 * i + phase + ((0.013 * i * i) % 3)),
  );
  return tensor(values, shape);
}

export function wavePicture(width: number, height: number, phase: number): Planes {
  const data = (wave([3, height, width], phase, 0.4).data as Float32Array).map((v) => 0.5 + v);
  return { width, height, data };
}

/** Two convolutions with a pool between them: layers "a" at stride 1 and "b" at stride 2. */
function smallGraph(): { input: Value; a: Value; b: Value } {
  const graph = new Graph();
  const input = graph.input("x", [1, 3, 32, 32]);
  const constant = (value: Tensor) => graph.constant(value);
  const a = relu(
    conv(input, constant(wave([4, 3, 3, 3], 0.1, 0.5)), constant(wave([4], 1, 0.1)), { padding: 1 }),
  );
  const pooled = maxPool(a, { kernelSize: 2 });
  const b = relu(
    conv(pooled, constant(wave([5, 4, 3, 3], 0.2, 0.4)), constant(wave([5], 2, 0.1)), { padding: 1 }),
  );
  return { input, a, b };
}

/** The same as a file. */
export function smallFile(): Uint8Array {
  const { a, b } = smallGraph();
  return encodeModel({ outputs: { a, b }, metadata: { "fovea.pixels": "0-1" } });
}

export function smallNet(): FeatureNet {
  const { input, a, b } = smallGraph();
  return new FeatureNet({
    name: "small",
    input,
    layers: [
      { name: "a", value: a, stride: 1, main: true },
      { name: "b", value: b, stride: 2, main: true },
    ],
    pixels: pixelConventions["0-1"],
  });
}

/** A cost of both layers by a recipe. */
export function smallPlan(recipe: Partial<CostPlan["recipe"]>, style: Record<string, number>): CostPlan {
  return {
    net: smallNet(),
    recipe: { ...costRecipes.fovea, averagePooling: false, ...recipe },
    layers: {
      style: Object.entries(style).map(([name, weight]) => ({ name, weight })),
      content: [{ name: "b", weight: 1 }],
    },
    device: { threads: 1 },
  };
}
