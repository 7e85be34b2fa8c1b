import { sizeOf } from "../core/index.ts";
import {
  Add,
  applyAgain,
  BatchNormalization,
  copyGraph,
  type Graph,
  Mul,
  mul,
  type Node,
  orderedNodes,
  ReduceSum,
  Reshape,
  reduceSum,
  reshape,
  type Value,
} from "../graph/index.ts";
import {
  BlockedConv,
  BlockedMean,
  blockedConv,
  blockMap,
  plainMap,
  ReorderInput,
  ReorderOutput,
} from "./blocked-operators.ts";

/**
 * Lets maps stay in blocks from one convolution to the next where what lies between works on blocks as well: what is
 * done element by element, factors and offsets for each channel (as depthwise convolutions with one tap, which all
 * threads share), sums over all but the channels.
 *
 * A tensor that exists in blocks keeps its plain form, too; the one that nobody needs is never computed.
 */
export function stayInBlocks<Name extends string>(
  outputs: Readonly<Record<Name, Value>>,
  block: number,
): Readonly<Record<Name, Value>> {
  const blocks: Blocks = { block, of: new Map(), born: new Set(), uses: usesOf(Object.values(outputs)) };
  return copyGraph(outputs, {
    rewrite(node, inputs, graph) {
      const { operator } = node;
      if (operator === ReorderInput) return [enter(inputs[0]!, blocks)];
      if (operator === ReorderOutput) return [leave(inputs[0]!, node, blocks)];
      if (operator === Reshape) return reshaped(node, inputs, graph, blocks);
      const plain = !inputs.some((input) => input && blocks.born.has(input));
      if (plain || node.outputs[0].dtype !== "float32") {
        return operator.elementwise ? bothWays(node, inputs, graph, blocks) : undefined;
      }
      if (operator === ReduceSum) return sumByChannel(node, inputs, blocks);
      const result = inBlocks(node, inputs, graph, blocks);
      return result && [leave(result, node, blocks)];
    },
  }).outputs;
}

interface Blocks {
  /** Channels of a block. */
  block: number;
  /** The form in blocks of a tensor of the new graph. */
  of: Map<Value, Value>;
  /** Tensors whose plain form costs a pass over memory, since they are computed in blocks. */
  born: Set<Value>;
  /** How many nodes and outputs use a tensor of the old graph. */
  uses: ReadonlyMap<Value, number>;
}

type Inputs = readonly (Value | undefined)[];

function usesOf(outputs: readonly Value[]): Map<Value, number> {
  const uses = new Map<Value, number>();
  const inputs = orderedNodes(outputs).flatMap((node) => node.inputs);
  for (const value of [...outputs, ...inputs]) if (value) uses.set(value, (uses.get(value) ?? 0) + 1);
  return uses;
}

function enter(x: Value, { of }: Blocks): Value {
  const before = of.get(x);
  if (before) return reshape(before, x.dims);
  const map = blockMap(x);
  of.set(x, map);
  return map;
}

function leave(map: Value, { outputs: [y] }: Node, { of, born }: Blocks): Value {
  const picture = plainMap(map);
  const plain = reshape(picture, y.dims);
  for (const value of [picture, plain]) {
    of.set(value, map);
    born.add(value);
  }
  return plain;
}

/**
 * A tensor in another shape has the same blocks where its channels begin and end as before: a sequence as a picture
 * of one row, a volume as one of all its planes' rows, pictures and channels counted through.
 */
function reshaped(node: Node, inputs: Inputs, graph: Graph, { of, born, block }: Blocks): readonly Value[] {
  const results = applyAgain(node, inputs, graph);
  const before = firstInBlocks(inputs[0]!, of);
  const map = before && of.get(before);
  const [y] = results;
  if (!map || y.rank < 3 || y.dims[1] % block !== 0) return results;
  const [picture, previous] = [pictureShape(y.dims), pictureShape(before.dims)];
  const counts = [picture, previous].map(([n, c, h, w]) => `${n * c} ${h * w}`);
  if (counts[0] !== counts[1]) return results;
  of.set(y, reshape(map, picture));
  if (born.has(before)) born.add(y);
  return results;
}

/** The tensor before some reshapes that exists in blocks. */
function firstInBlocks(value: Value, of: ReadonlyMap<Value, Value>): Value | undefined {
  if (of.has(value)) return value;
  const { producer } = value;
  return producer?.operator === Reshape ? firstInBlocks(producer.inputs[0]!, of) : undefined;
}

/** All rows of all planes one below the other. */
function pictureShape(dims: readonly number[]): number[] {
  const rows = sizeOf(dims.slice(2, -1));
  return [dims[0], dims[1], rows, dims[dims.length - 1]];
}

/**
 * An elementwise node whose inputs exist in blocks and plain, or whose result (booleans) cannot leave its blocks: both
 * forms, for whoever needs which.
 */
function bothWays(node: Node, inputs: Inputs, graph: Graph, blocks: Blocks): readonly Value[] | undefined {
  const map = elementwise(node, inputs, graph, blocks);
  if (!map) return undefined;
  const results = applyAgain(node, inputs, graph);
  blocks.of.set(results[0], map);
  return results;
}

/** The node's result in blocks; undefined where it has none. */
function inBlocks(node: Node, inputs: Inputs, graph: Graph, blocks: Blocks): Value | undefined {
  const { operator } = node;
  if (operator === BatchNormalization) return affine(node, inputs, blocks);
  if (operator === Mul) {
    const channel = inputs.findIndex((input, i) => isPerChannel(input!, inputs[1 - i]!));
    const map = channel < 0 ? undefined : blocks.of.get(inputs[1 - channel]!);
    if (map) return scaled(map, inputs[channel]!);
  }
  return (
    (operator === Add && fusedSum(node, inputs, graph, blocks)) || elementwise(node, inputs, graph, blocks)
  );
}

function elementwise(
  { operator, attributes, outputs: [y] }: Node,
  inputs: Inputs,
  graph: Graph,
  { of }: Blocks,
): Value | undefined {
  if (!operator.elementwise) return undefined;
  const maps = inputs.map((input) => {
    if (!input || input.rank === 0) return input;
    return `${input.shape}` === `${y.shape}` ? of.get(input) : undefined;
  });
  const size = maps.find((map) => map && map.rank > 0)?.dims;
  if (!size || maps.some((map, i) => inputs[i] && !map)) return undefined;
  const alike = maps.map((map) => (map && map.rank > 0 ? reshape(map, size) : map));
  return graph.apply(operator, alike, attributes)[0];
}

/** Whether `value` is one number for each channel of a map. */
function isPerChannel(value: Value, map: Value): boolean {
  const { shape } = value;
  return (
    value.rank > 2 &&
    value.rank === map.rank &&
    shape[1] === map.shape[1] &&
    shape.every((dim, i) => i === 1 || dim === 1)
  );
}

/** A map in blocks times a factor for each channel, plus an offset. */
function scaled(map: Value, factors: Value, offsets?: Value): Value {
  const channels = map.dims[1];
  const filters = reshape(factors, [channels, 1, 1, 1]);
  return blockedConv(map, filters, map.dims, { bias: offsets, groups: channels });
}

/** Batch normalisation by statistics 0 and 1, which is a factor and an offset for each channel. */
function affine(node: Node, [x, scale, offset, mean, variance]: Inputs, { of }: Blocks): Value | undefined {
  const { training_mode: training, epsilon } = node.attributes;
  const neutral = isAll(mean, 0) && isAll(variance, 1) && epsilon === 0;
  const map = of.get(x!);
  return map && neutral && !training ? scaled(map, scale!, offset) : undefined;
}

function isAll(value: Value | undefined, number: number): boolean {
  return Boolean(
    value?.constant && (value.constant.data as Float32Array).every((element) => element === number),
  );
}

/**
 * A sum with a convolution's result that nobody else uses: the convolution adds to what is there. It does not broadcast, so
 * both must have the sum's shape.
 */
function fusedSum(node: Node, inputs: Inputs, graph: Graph, { of, uses }: Blocks): Value | undefined {
  const [y] = node.outputs;
  if (inputs.some((input) => `${input!.shape}` !== `${y.shape}`)) return undefined;
  const maps = inputs.map((input) => of.get(input!));
  if (!maps[0] || !maps[1] || node.inputs.some((input) => uses.get(input!) !== 1)) return undefined;
  for (const [i, map] of maps.entries()) {
    const { producer } = map!;
    if (producer?.operator !== BlockedConv || producer.inputs[3]) continue;
    const [x, w, bias] = producer.inputs;
    const other = reshape(maps[1 - i]!, map!.dims);
    return graph.apply(BlockedConv, [x, w, bias, other], producer.attributes, [map!.shape])[0];
  }
  return undefined;
}

/** Σ over pictures and positions, by the kernel that means positions in blocks. */
function sumByChannel(node: Node, [x]: Inputs, { of }: Blocks): readonly Value[] | undefined {
  const map = of.get(x!);
  const axes = node.inputs[1]?.constant;
  const others = x!.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  if (!map || !axes || `${axes.data}` !== `${others}`) return undefined;
  const [batch, channels, height, width] = map.dims;
  const means = map.graph.apply(BlockedMean, [map], {}, [[batch, channels, 1, 1]])[0];
  const total = mul(reduceSum(reshape(means, [batch, channels]), [0], false), height * width);
  return [reshape(total, node.outputs[0].dims)];
}
