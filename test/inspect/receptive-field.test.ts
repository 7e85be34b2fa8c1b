import { describe, expect, it } from "vitest";
import { Random, tensor } from "../../src/core/index.ts";
import {
  add,
  conv,
  Graph,
  globalAveragePool,
  InstanceNormalization,
  matmul,
  maxPool,
  mul,
  reduceMean,
  relu,
  reshape,
  sigmoid,
  type Value,
} from "../../src/graph/index.ts";
import { fieldAt, fieldFigures, receptiveFields } from "../../src/inspect/index.ts";
import { compile } from "../../src/runtime/index.ts";
import { perturbationNets } from "./perturbation-nets.ts";

/**
 * The boxes of pixels that move each place of a map, found by moving one pixel after the other (all its channels, by far
 * more than the picture's own differences, so that it wins every maximum).
 */
async function measureBoxes(x: Value, outputs: Record<string, Value>) {
  const [, channels, height, width] = x.dims;
  const program = await compile({ outputs, threads: 1 });
  const random = new Random(7);
  const base = Float32Array.from({ length: channels * height * width }, () => random.uniform(1, 2));
  const run = async (data: Float32Array) => {
    const results = await program.run({ x: tensor(data, x.dims) });
    return Object.fromEntries(
      Object.entries(results).map(([name, result]) => [name, Float32Array.from(result.data as Float32Array)]),
    );
  };
  const before = await run(base);
  const boxes = Object.fromEntries(
    Object.entries(outputs).map(([name, { dims }]) => {
      const none = () => [Infinity, Infinity, -Infinity, -Infinity];
      return [name, Array.from({ length: dims[2] * dims[3] }, none)];
    }),
  );
  for (let y = 0; y < height; y++) {
    for (let column = 0; column < width; column++) {
      const moved = Float32Array.from(base);
      for (let c = 0; c < channels; c++) moved[(c * height + y) * width + column] += 1e4;
      const after = await run(moved);
      for (const [name, values] of Object.entries(after)) {
        const places = boxes[name].length;
        for (const [i, value] of values.entries()) {
          if (value === before[name][i]) continue;
          const box = boxes[name][i % places];
          box[0] = Math.min(box[0], column);
          box[1] = Math.min(box[1], y);
          box[2] = Math.max(box[2], column + 1);
          box[3] = Math.max(box[3], y + 1);
        }
      }
    }
  }
  await program.release();
  return boxes;
}

function netInput(height: number, width: number): Value {
  return new Graph().input("x", [1, 3, height, width]);
}

describe("receptiveFields", () => {
  it.each(perturbationNets)("gives the pixels that move each place: $name", async ({
    height,
    width,
    build,
  }) => {
    const x = netInput(height, width);
    const outputs = build(x);
    const fields = receptiveFields(x, Object.values(outputs));
    const measured = await measureBoxes(x, outputs);
    for (const [name, value] of Object.entries(outputs)) {
      const field = fields.get(value)!;
      const computed = Array.from({ length: value.dims[2] * value.dims[3] }, (_, place) => {
        return fieldAt(field, Math.floor(place / value.dims[3]), place % value.dims[3]);
      });
      const found = measured[name].map((box) => (Number.isFinite(box[0]) ? box : undefined));
      expect({ name, boxes: computed }).toEqual({ name, boxes: found });
    }
  });

  it("knows offset, stride and size beyond the borders (VGG-like: 3×3 twice, pool, 3×3)", () => {
    const x = netInput(64, 64);
    const w = (shape: number[]) =>
      x.graph.constant(tensor(new Float32Array(shape.reduce((a, b) => a * b)), shape));
    const a = conv(conv(x, w([4, 3, 3, 3]), undefined, { padding: 1 }), w([4, 4, 3, 3]), undefined, {
      padding: 1,
    });
    const b = conv(maxPool(a, { kernelSize: 2 }), w([4, 4, 3, 3]), undefined, { padding: 1 });
    const field = receptiveFields(x, [b]).get(b)!;
    // 5 pixels before the pool, 6 behind it, 10 at the end, two pixels apart.
    expect(fieldFigures(field.columns, 64)).toEqual({ offset: -4, stride: 2, size: 10, whole: false });
    expect(fieldAt(field, 0, 0)).toEqual([0, 0, 6, 6]);
    expect(fieldAt(field, 10, 11)).toEqual([18, 16, 28, 26]);
    expect(fieldAt(field, 31, 31)).toEqual([58, 58, 64, 64]);
  });

  it.each<[string, (y: Value, graph: Graph) => Value]>([
    ["a global pool", (y) => globalAveragePool(y)],
    ["means over rows and columns", (y) => reduceMean(y, [2, 3])],
    [
      "a dense layer",
      (y, g) => matmul(reshape(y, [1, 4 * 64]), g.constant(tensor(new Float32Array(256 * 5), [256, 5]))),
    ],
    ["a gate", (y) => mul(y, sigmoid(globalAveragePool(y)))],
    [
      "a norm over the picture",
      (y, g) => {
        const ones = () => g.constant(tensor([1, 1, 1, 1]));
        return g.apply(InstanceNormalization, [y, ones(), ones()])[0];
      },
    ],
  ])("sees the whole picture behind %s", (_, build) => {
    const x = netInput(8, 8);
    const w = x.graph.constant(
      tensor(
        new Float32Array(36),
        [4, 3, 1, 3].map((n, i) => (i === 3 ? 3 : n)),
      ),
    );
    const y = relu(conv(x, w, undefined, { padding: [0, 1] }));
    const z = build(y, x.graph);
    const field = receptiveFields(x, [z]).get(z)!;
    expect(fieldAt(field, 0, 0)).toEqual([0, 0, 8, 8]);
    expect(fieldFigures(field.rows, 8).whole).toBe(true);
  });

  it("leaves gates out where only a place's own surroundings are asked for", () => {
    const x = netInput(8, 8);
    const w = x.graph.constant(tensor(new Float32Array(4 * 3 * 9), [4, 3, 3, 3]));
    const y = conv(x, w, undefined, { padding: 1 });
    const gated = add(mul(y, sigmoid(globalAveragePool(y))), 1);
    const field = receptiveFields(x, [gated], { local: true }).get(gated)!;
    expect(fieldAt(field, 3, 3)).toEqual([2, 2, 5, 5]);
  });

  it("follows a map into a list of boxes and back", () => {
    const x = netInput(8, 10);
    const y = maxPool(x, { kernelSize: 2 }); // [1, 3, 4, 5]
    const list = reshape(y, [1, 3, 20]);
    const map = reshape(list, [1, 3, 4, 5]);
    const field = receptiveFields(x, [map]).get(map)!;
    expect(fieldAt(field, 3, 1)).toEqual([2, 6, 4, 8]);
  });

  it("knows what does not depend on the picture, and refuses what is no picture", () => {
    const x = netInput(4, 4);
    const other = x.graph.input("other", [1, 3, 4, 4]);
    const y = relu(other);
    expect(receptiveFields(x, [y]).has(y)).toBe(false);
    const list = x.graph.input("list", [1, 3]);
    expect(() => receptiveFields(list, [list])).toThrow(
      expect.objectContaining({ code: "rank-mismatch", message: expect.stringContaining("[1,3]") }),
    );
  });
});
