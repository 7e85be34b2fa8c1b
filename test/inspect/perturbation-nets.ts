import { Random, tensor } from "../../src/core/index.ts";
import {
  add,
  averagePool,
  concat,
  conv,
  convTranspose,
  type Graph,
  maxPool,
  pad,
  padRepeating,
  Resize,
  relu,
  reshape,
  slice,
  transpose,
  upsampleNearest,
  type Value,
} from "../../src/graph/index.ts";

/** A net whose receptive fields are measured: some of its tensors, all weights positive so that nothing cancels. */
export interface PerturbationNet {
  name: string;
  height: number;
  width: number;
  build: (x: Value) => Record<string, Value>;
}

/** Builds layers with positive weights drawn by a seed. */
function positive(graph: Graph, seed: number) {
  const random = new Random(seed);
  return (shape: readonly number[]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const fan = shape.slice(1).reduce((a, b) => a * b, 1);
    return graph.constant(
      tensor(
        Float32Array.from({ length: size }, () => random.uniform(0.5, 1.5) / fan),
        shape,
      ),
    );
  };
}

/** The five nets of the acceptance, and one of what they leave out. */
export const perturbationNets: readonly PerturbationNet[] = [
  {
    name: "plain",
    height: 21,
    width: 24,
    build(x) {
      const w = positive(x.graph, 1);
      const a = relu(conv(x, w([4, 3, 3, 3]), undefined, { padding: 1 }));
      const b = maxPool(a, { kernelSize: 2 });
      const c = relu(conv(b, w([5, 4, 3, 3]), undefined, { padding: 1 }));
      const d = averagePool(c, { kernelSize: 3, stride: 2, padding: 1 });
      return { a, b, c, d, e: conv(d, w([3, 5, 2, 2])) };
    },
  },
  {
    name: "residual",
    height: 26,
    width: 23,
    build(x) {
      const w = positive(x.graph, 2);
      const stem = relu(conv(x, w([4, 3, 3, 3]), undefined, { padding: 1, stride: 2 }));
      const inner = conv(relu(conv(stem, w([2, 4, 1, 1]))), w([4, 2, 3, 3]), undefined, { padding: 1 });
      const sum = relu(add(stem, inner));
      const down = conv(sum, w([6, 4, 3, 3]), undefined, { padding: 1, stride: 2 });
      const shortcut = conv(sum, w([6, 4, 1, 1]), undefined, { stride: 2 });
      return { stem, sum, shortcut, joined: add(down, shortcut) };
    },
  },
  {
    name: "multi-path",
    height: 25,
    width: 25,
    build(x) {
      const w = positive(x.graph, 3);
      const stem = conv(x, w([4, 3, 3, 3]), undefined, { stride: 2 });
      const paths = [
        conv(stem, w([2, 4, 1, 1])),
        conv(conv(stem, w([2, 4, 1, 1])), w([2, 2, 3, 3]), undefined, { padding: 1 }),
        conv(stem, w([2, 4, 1, 7]), undefined, { padding: [0, 3] }),
        maxPool(stem, { kernelSize: 3, stride: 1, padding: 1 }),
      ];
      const joined = concat(paths, 1);
      const shuffled = reshape(
        transpose(reshape(joined, [1, 2, 5, ...joined.dims.slice(2)]), [0, 2, 1, 3, 4]),
        joined.dims,
      );
      const grouped = conv(shuffled, w([4, 5, 3, 3]), undefined, { groups: 2 });
      return {
        stem,
        path: paths[2],
        joined,
        grouped,
        pooled: maxPool(grouped, { kernelSize: 2, ceilMode: true }),
      };
    },
  },
  {
    name: "dilated, strided and padded unevenly",
    height: 27,
    width: 31,
    build(x) {
      const w = positive(x.graph, 4);
      const a = conv(x, w([3, 3, 3, 3]), undefined, { dilation: 3, padding: [4, 1], paddingEnd: [0, 2] });
      const b = conv(a, w([3, 3, 2, 4]), undefined, { stride: [3, 2], padding: [0, 2], paddingEnd: [1, 0] });
      const c = pad(b, [0, 0, 2, 1], [0, 0, 1, 3]);
      const d = conv(c, w([2, 3, 3, 3]), undefined, { dilation: [1, 2] });
      const e = padRepeating(d, [0, 0, 1, 2], [0, 0, 2, 1], "reflect");
      const same = x.graph.apply(maxPool(x, { kernelSize: 2 }).producer!.operator, [e], {
        kernel_shape: [3, 3],
        strides: [2, 2],
        auto_pad: "SAME_LOWER",
      })[0];
      return { a, b, c, d, e, same };
    },
  },
  {
    name: "U-net with resizes and a fire module",
    height: 24,
    width: 32,
    build(x) {
      const w = positive(x.graph, 5);
      const top = conv(x, w([4, 3, 3, 3]), undefined, { padding: 1 });
      const middle = conv(maxPool(top, { kernelSize: 2 }), w([4, 4, 3, 3]), undefined, { padding: 1 });
      const squeezed = conv(maxPool(middle, { kernelSize: 2 }), w([2, 4, 1, 1]));
      const fire = concat(
        [conv(squeezed, w([2, 2, 1, 1])), conv(squeezed, w([2, 2, 3, 3]), undefined, { padding: 1 })],
        1,
      );
      const nearest = concat([upsampleNearest(fire, 2), middle], 1);
      const up = conv(nearest, w([3, 8, 3, 3]), undefined, { padding: 1 });
      const linear = resize(up, [1, 3, 24, 32], { mode: "linear" });
      const joined = concat([linear, top], 1);
      const learned = convTranspose(fire, w([4, 2, 3, 3]), undefined, {
        stride: 2,
        padding: 1,
        outputPadding: [1, 1],
      });
      const odd = resize(up, [1, 3, 17, 11], { mode: "linear", antialias: 1 });
      const cropped = slice(slice(joined, 2, 3, 20, 2), 3, -5, -30, -3);
      return { fire, nearest, up, linear, joined, learned, odd, cropped };
    },
  },
];

function resize(x: Value, sizes: readonly number[], attributes: Record<string, string | number>): Value {
  return x.graph.apply(Resize, [x, undefined, undefined, x.graph.integers(sizes)], attributes)[0];
}
