import type { Tensor } from "../../src/core/index.ts";
import {
  concat,
  conv,
  Graph,
  globalAveragePool,
  maxPool,
  relu,
  reshape,
  type Value,
} from "../../src/graph/index.ts";

/** Height and width of its pictures: BGR, ImageNet's means subtracted, not scaled. */
export const SIZE = 227;

/** SqueezeNet 1.1 (Iandola et al. 2016) of given parameters, as a graph with logits `[1, 1000]`. */
export function squeezenet(parameters: ReadonlyMap<string, Tensor>): { x: Value; logits: Value } {
  const graph = new Graph();
  const x = graph.input("x", [1, 3, SIZE, SIZE]);
  const unit = (name: string, y: Value, options = {}) => {
    const [w, b] = ["weight", "bias"].map((part) => {
      const key = `${name}.${part}`;
      return graph.constant(parameters.get(key)!, key);
    });
    return relu(conv(y, w, b, options));
  };
  const fire = (y: Value, name: string) => {
    const squeezed = unit(`${name}.squeeze1x1`, y);
    const wide = unit(`${name}.expand3x3`, squeezed, { padding: 1 });
    return concat([unit(`${name}.expand1x1`, squeezed), wide], 1);
  };
  const pool = (y: Value) => maxPool(y, { kernelSize: 3, stride: 2, ceilMode: true });
  let y = pool(unit("conv1", x, { stride: 2 }));
  y = pool(["fire2", "fire3"].reduce(fire, y));
  y = pool(["fire4", "fire5"].reduce(fire, y));
  y = unit("conv10", ["fire6", "fire7", "fire8", "fire9"].reduce(fire, y));
  return { x, logits: reshape(globalAveragePool(y), [1, 1000]) };
}

/** A picture that is the same everywhere: waves of three kinds. */
export function pattern(): Tensor {
  const data = new Float32Array(3 * SIZE * SIZE);
  for (let i = 0; i < data.length; i++) {
    const [c, y, x] = [Math.floor(i / SIZE / SIZE), Math.floor(i / SIZE) % SIZE, i % SIZE];
    const waves = 60 * Math.sin(0.11 * x + c) + 50 * Math.cos(0.07 * y * (c + 1));
    data[i] = waves + 20 * Math.sin(0.013 * x * y);
  }
  return { dtype: "float32", shape: [1, 3, SIZE, SIZE], data };
}
