import { allocate, FoveaError, type Tensor } from "../../core/index.ts";
import { type Graph, type Node, orderedNodes, type Value } from "../graph.ts";
import {
  AveragePool,
  BatchNormalization,
  conv,
  Flatten,
  Gemm,
  GlobalAveragePool,
  LogSoftmax,
  MatMul,
  ReduceMean,
  Reshape,
  reducedAxes,
  reshape,
  Softmax,
  Squeeze,
  transpose,
} from "../ops/index.ts";
import { copyGraph, type GraphCopy } from "./copy.ts";

/** A tensor `[N, features]` of the net, which in the copy is a map `[N, channels, rows, columns]`. */
interface Flat {
  channels: number;
  rows: number;
  columns: number;
}

/**
 * The same classifier for pictures of another size: its dense layers become convolutions whose kernels have
 * the size of the map that they saw, so that one pass gives the answers of every window `[N, classes, rows,
 * columns]` (Sermanet et al. 2014, OverFeat). Averages over the whole map become averages over such windows. Weights
 * need not be constants: filters follow from whatever makes them.
 *
 * @param outputs Results of the net, `[N, features]` or `[N, C, 1, 1]`.
 * @param input The picture's input.
 * @param shape The new shape of the input.
 * @throws `not-convolutional` where a layer behind the dense ones cannot slide
 */
export function denseToConvolution<Name extends string>(
  outputs: Readonly<Record<Name, Value>>,
  input: Value,
  shape: readonly number[],
): GraphCopy<Name> {
  const flats = new Map<Value, Flat>();
  const moving = dependents(Object.values<Value>(outputs), input);
  const empty = copyGraph({});
  const replaced = new Map([[input, empty.graph.input(input.name, shape, input.dtype)]]);
  return copyGraph(outputs, {
    into: empty.graph,
    replaced,
    rewrite(node, inputs, graph) {
      if (node.operator === GlobalAveragePool) return windowAverage(node, inputs[0]!, graph);
      if (isMapMean(node)) {
        const [channels] = node.inputs[0]!.dims.slice(1);
        if (node.outputs[0].rank === 2) flats.set(node.outputs[0], { channels, rows: 1, columns: 1 });
        return windowAverage(node, inputs[0]!, graph);
      }
      const result = flatten(node, inputs) ?? dense(node, inputs, flats, graph);
      if (result) {
        flats.set(node.outputs[0], result.flat);
        return [result.value];
      }
      const flat = node.inputs.flatMap((value) => (value && flats.get(value)) || [])[0];
      if (!flat) return undefined;
      flats.set(node.outputs[0], flat);
      return slide(node, inputs, graph, moving);
    },
  });
}

/** All that `outputs` compute from `source`, and it. */
function dependents(outputs: readonly Value[], source: Value): ReadonlySet<Value> {
  const found = new Set([source]);
  for (const node of orderedNodes(outputs)) {
    if (node.inputs.some((value) => value && found.has(value))) for (const y of node.outputs) found.add(y);
  }
  return found;
}

function windowAverage(node: Node, x: Value, graph: Graph): readonly Value[] {
  const kernel = node.inputs[0]!.dims.slice(2);
  return graph.apply(AveragePool, [x], { kernel_shape: kernel, strides: kernel.map(() => 1) });
}

/** Whether a node averages a map over all its positions, as exporters of some frameworks write a global pool. */
function isMapMean({ operator, inputs: [x, axes] }: Node): boolean {
  if (operator !== ReduceMean || x?.rank !== 4) return false;
  return `${[...reducedAxes("ReduceMean", x, axes)].sort()}` === "2,3";
}

/** Where a map becomes a list: in the copy it stays a map. */
function flatten(
  node: Node,
  inputs: readonly (Value | undefined)[],
): { value: Value; flat: Flat } | undefined {
  const [before] = node.inputs;
  const [after] = node.outputs;
  if (![Flatten, Reshape, Squeeze].includes(node.operator) || before?.rank !== 4 || after.rank !== 2)
    return undefined;
  const [n, channels, rows, columns] = before.dims;
  if (after.dims[0] !== n) return undefined;
  return { value: inputs[0]!, flat: { channels, rows, columns } };
}

/** A dense layer on a list that was a map: a convolution with a kernel of the map's size. */
function dense(
  node: Node,
  inputs: readonly (Value | undefined)[],
  flats: ReadonlyMap<Value, Flat>,
  graph: Graph,
): { value: Value; flat: Flat } | undefined {
  const [x, w, b] = node.inputs;
  const flat = x && flats.get(x);
  if (!flat || (node.operator !== Gemm && node.operator !== MatMul) || !w) return undefined;
  const { transA, transB, alpha = 1, beta = 1 } = node.attributes as Record<string, number | undefined>;
  if (transA || alpha !== 1 || beta !== 1) return undefined;
  const features = w.dims[transB ? 0 : 1];
  const kernel = [features, flat.channels, flat.rows, flat.columns];
  const bias = b && inputs[2] ? reshape(inputs[2], [features]) : undefined;
  const value = conv(inputs[0]!, filtersOf(w, inputs[1]!, !transB, kernel, graph), bias);
  return { value, flat: { channels: features, rows: 1, columns: 1 } };
}

/** A dense layer's weights, `[features in, out]` or transposed, as filters: constants stay constants. */
function filtersOf(w: Value, copied: Value, turned: boolean, kernel: readonly number[], graph: Graph): Value {
  if (!w.constant) return reshape(turned ? transpose(copied, [1, 0]) : copied, kernel);
  const filters = turned ? transposed(w.constant) : w.constant;
  return graph.constant({ ...filters, shape: kernel });
}

function transposed({ shape: [rows, columns], data, dtype }: Tensor): Tensor {
  const result = allocate(dtype, data.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[c * rows + r] = data[r * columns + c];
  }
  return { dtype, shape: [columns, rows], data: result };
}

/** A layer behind a dense one, on maps instead of lists; `moving` is what depends on the picture. */
function slide(
  node: Node,
  inputs: readonly (Value | undefined)[],
  graph: Graph,
  moving: ReadonlySet<Value>,
): readonly Value[] {
  if (node.operator === Softmax || node.operator === LogSoftmax) {
    return graph.apply(node.operator, inputs, { axis: 1 });
  }
  const isNorm = node.operator === BatchNormalization;
  if (!node.operator.elementwise && !isNorm) {
    throw new FoveaError(
      "not-convolutional",
      `${node.operator.opType} (node \`${node.name}\`) comes after a dense layer and cannot slide over a picture.`,
    );
  }
  const columns = inputs.map((input, i) => {
    const isList = input && !isNorm && !moving.has(node.inputs[i]!) && input.rank > 0;
    return isList ? reshape(input, [1, input.dims.at(-1)!, 1, 1]) : input;
  });
  return graph.apply(node.operator, columns, node.attributes);
}
