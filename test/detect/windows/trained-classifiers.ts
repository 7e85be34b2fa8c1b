import { Random, type Tensor } from "../../../src/core/index.ts";
import { windowNet } from "../../../src/detect/windows/net.ts";
import {
  encodeModel,
  Graph,
  maxPool,
  reduceMean,
  relu,
  reshape,
  softmax,
  type Value,
} from "../../../src/graph/index.ts";
import { classifierHead, unit } from "../../../src/models/index.ts";
import { adamW, convolution, dense, Scope, softmaxCrossEntropy } from "../../../src/nn/index.ts";
import { TrainingStep } from "../../../src/train/index.ts";

/** A classifier of small pictures, and the picture's side. */
export interface SmallNet {
  name: string;
  side: number;
  stride: number;
  dtype: "uint8" | "float32";
  build: (scope: Scope, x: Value) => Value;
}

export const CLASSES = 4;

/** The textbook's: 14×14×3 → 10×10×16 → 5×5×16 → 400 → 400 → 4. */
export const textbook: SmallNet = {
  name: "the textbook's net",
  side: 14,
  stride: 2,
  dtype: "float32",
  build(scope, x) {
    let y = relu(convolution(scope.at("a"), x, { outChannels: 16, kernelSize: 5, padding: 0, bias: true }));
    y = maxPool(y, { kernelSize: 2, stride: 2 });
    y = reshape(y, [-1, 5 * 5 * 16]);
    y = relu(dense(scope.at("b"), y, { outFeatures: 400 }));
    y = relu(dense(scope.at("c"), y, { outFeatures: 400 }));
    return dense(scope.at("d"), y, { outFeatures: CLASSES });
  },
};

/** Strided convolutions with batch norm, and a mean over the map instead of a dense layer. */
export const averaging: SmallNet = {
  name: "a net that averages its map",
  side: 19,
  stride: 4,
  dtype: "float32",
  build(scope, x) {
    let y = unit(scope.at("a"), x, { outChannels: 12, kernelSize: 3, stride: 2, padding: 0 });
    y = unit(scope.at("b"), y, { outChannels: 16, kernelSize: 3, stride: 2, padding: 0 });
    return classifierHead(scope.at("head"), y, CLASSES);
  },
};

/** The one that `trainWindows` trains. */
export const windows: SmallNet = {
  name: "the windows' net",
  side: 32,
  stride: 8,
  dtype: "uint8",
  build: (scope, x) => windowNet(scope, x, CLASSES - 1),
};

/** Pictures whose class is the quarter of them that is bright. */
function draw(random: Random, n: number, { side, dtype }: SmallNet): { x: Tensor; y: Tensor } {
  const size = 3 * side * side;
  const data = dtype === "uint8" ? new Uint8Array(n * size) : new Float32Array(n * size);
  const targets = new Float32Array(n * CLASSES);
  for (let i = 0; i < n; i++) {
    const quarter = random.integer(CLASSES);
    targets[i * CLASSES + quarter] = 1;
    for (let j = 0; j < size; j++) {
      const [row, column] = [Math.floor(j / side) % side, j % side];
      const there = 2 * Number(row >= side / 2) + Number(column >= side / 2) === quarter;
      const value = random.next() * 0.5 + (there ? 0.4 : 0);
      data[i * size + j] = dtype === "uint8" ? 255 * value : value;
    }
  }
  return {
    x: { dtype, shape: [n, 3, side, side], data },
    y: { dtype: "float32", shape: [n, CLASSES], data: targets },
  };
}

/** Trains a net for a second and returns its ONNX file, with batches of any size, and its accuracy on new pictures. */
export async function trainSmall(
  net: SmallNet,
): Promise<{ graph: Graph; x: Value; scores: Value; loss: number }> {
  const batch = 16;
  const step = await TrainingStep.compile(
    (scope) => {
      const x = scope.graph.input("x", [batch, 3, net.side, net.side], net.dtype);
      const y = scope.graph.input("y", [batch, CLASSES]);
      return { loss: reduceMean(softmaxCrossEntropy(net.build(scope, x), y), undefined, false) };
    },
    { optimizer: adamW(), threads: 1 },
  );
  const state = step.start(1);
  const random = new Random(5);
  let loss = Number.NaN;
  for (let i = 0; i < 40; i++) {
    ({ loss } = await step.run(state, draw(random, batch, net), { learningRate: 2e-3, averageDecay: 0 }));
    state.advance();
  }
  await step.release();
  const graph = new Graph();
  const x = graph.input("x", [1, 3, net.side, net.side], net.dtype);
  const logits = net.build(new Scope(graph, { values: state.parameters("value") }), x);
  return { graph, x, scores: softmax(logits, 1), loss };
}

/** The same as the bytes of an ONNX file. */
export function asFile(scores: Value): Uint8Array {
  return encodeModel({ outputs: { scores } });
}

/** A picture of noise and bright patches. */
export function drawPicture(width: number, height: number, dtype: "uint8" | "float32"): Tensor {
  const random = new Random(9);
  const size = 3 * width * height;
  const data = dtype === "uint8" ? new Uint8Array(size) : new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const patch = Math.sin(i / 7) + Math.sin(Math.floor(i / width) / 5) > 0.4 ? 0.4 : 0;
    data[i] = (random.next() * 0.5 + patch) * (dtype === "uint8" ? 255 : 1);
  }
  return { dtype, shape: [1, 3, height, width], data };
}
