import {
  argMax,
  gatherND,
  logSoftmax,
  neg,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceProd,
  reduceSum,
  reshape,
  softmax,
  TopK,
  type Value,
} from "../../../graph/index.ts";
import { TfTensor } from "../tf-tensor.ts";
import { alongAxes, axisFrom, type Conversion, type Converter } from "./conversion.ts";

type Reduce = (x: Value, axes: readonly number[], keepDims: boolean) => Value;

/** Reduces over axes; what is left of a map without its two axes of space needs no transposing. */
function reduced(reduce: Reduce): Converter {
  return ({ inputs: [x, along], attributes }) => {
    const axes = along.numbers("The axes of a reduction").map((axis) => axisFrom(axis, x.rank));
    const kept = alongAxes(x, axes, (value, places) => reduce(value, places, true));
    if (attributes.flag("keep_dims")) return [kept];
    const dims = kept.dims.filter((_, axis) => !axes.includes(axis));
    return [TfTensor.plain(reshape(kept.plain, dims))];
  };
}

function largestK({ graph, inputs: [x, k] }: Conversion): readonly TfTensor[] {
  const [count] = k.numbers("The k of TopKV2");
  const shape = x.dims.with(-1, count);
  const attributes = { axis: -1, largest: 1, sorted: 1 };
  const results = graph.apply(TopK, [x.plain, graph.integers([count])], attributes, [shape, shape]);
  return results.map(TfTensor.plain);
}

function indexOfLargest(sign: (x: Value) => Value): Converter {
  return ({ inputs: [x, axis] }) => {
    const [place] = axis ? axis.numbers("The axis of ArgMax") : [0];
    return [TfTensor.plain(argMax(sign(x.plain), axisFrom(place, x.rank)))];
  };
}

function alongChannels(apply: (x: Value, axis: number) => Value): Converter {
  return ({ inputs: [x] }) => [alongAxes(x, [-1], (value, [axis]) => apply(value, axis))];
}

/** What looks at several elements to make one. */
export const selection: Readonly<Record<string, Converter>> = {
  Mean: reduced(reduceMean),
  Sum: reduced(reduceSum),
  Max: reduced(reduceMax),
  Min: reduced(reduceMin),
  Prod: reduced(reduceProd),
  Softmax: alongChannels(softmax),
  LogSoftmax: alongChannels(logSoftmax),
  ArgMax: indexOfLargest((x) => x),
  ArgMin: indexOfLargest(neg),
  TopKV2: largestK,
  GatherNd: ({ inputs: [x, indices] }) => [TfTensor.plain(gatherND(x.plain, indices.plain))],
};
