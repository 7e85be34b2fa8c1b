import { type Node, orderedNodes, readersOf, type Value } from "../../graph/index.ts";

/** A feature map that a cost may look at. */
export interface Layer {
  name: string;
  /** `[1, channels, height, width]`. */
  value: Value;
  /** Pixels of the picture for each element, roughly. */
  stride: number;
  /** Whether nothing leads around it: not the inside of a residual block, nor a map that is squeezed only to be widened. */
  main: boolean;
}

const activations = new Set([
  "Relu",
  "LeakyRelu",
  "PRelu",
  "Elu",
  "Celu",
  "Selu",
  "Gelu",
  "Mish",
  "HardSwish",
  "Clip",
  "Sigmoid",
  "Tanh",
  "Softplus",
]);

/**
 * The feature maps of a convolutional net that stand at the end of a layer, in the order in which they are computed.
 * Of a plain net these are the activations, of a residual net also the blocks' sums, of a fire net the joined maps and
 * not their halves.
 */
export function listLayers(
  outputs: readonly Value[],
  input: Value,
  nameOf: (value: Value) => string,
): Layer[] {
  const nodes = orderedNodes(outputs);
  const readers = readersOf(nodes);
  const behind = behindConvolution(nodes);
  const only = onlyWays(nodes, input);
  const layers: Layer[] = [];
  for (const node of nodes) {
    const [value] = node.outputs;
    if (!isMap(value) || !behind.has(value) || !endsLayer(node, readers.get(value) ?? [])) continue;
    const stride = strideBetween(input, value);
    layers.push({ name: nameOf(value), value, stride, main: only.has(value) && !isSqueezed(node) });
  }
  return layers;
}

/** Whether a net takes pictures `[N, H, W, 3]`. */
export function isChannelsLast(input: Value): boolean {
  return input.dims[1] !== 3;
}

/** Pixels of a net's picture for each element of one of its maps. */
export function strideBetween(input: Value, map: Value): number {
  const width = input.dims[isChannelsLast(input) ? 2 : 3];
  return 2 ** Math.round(Math.log2(width / map.dims[3]));
}

function isMap({ shape }: Value): boolean {
  return shape.length === 4 && shape.every((dim) => typeof dim === "number") && Number(shape[2]) > 1;
}

/** What depends on a convolution's result. */
function behindConvolution(nodes: readonly Node[]): Set<Value> {
  const behind = new Set<Value>();
  for (const { operator, inputs, outputs } of nodes) {
    if (operator.opType === "Conv" || inputs.some((input) => input && behind.has(input)))
      for (const output of outputs) behind.add(output);
  }
  return behind;
}

/** The tensors that every way from the input passes: when one is computed, nothing older is read any more. */
function onlyWays(nodes: readonly Node[], input: Value): Set<Value> {
  const dependent = new Set([input]);
  const lastRead = new Map<Value, number>();
  for (const [i, { inputs, outputs }] of nodes.entries()) {
    const sources = inputs.filter((value) => value && dependent.has(value)) as Value[];
    if (sources.length === 0) continue;
    for (const source of sources) lastRead.set(source, i);
    for (const output of outputs) dependent.add(output);
  }
  const ways = new Set<Value>();
  let needed = lastRead.get(input) ?? -1;
  for (const [i, { outputs }] of nodes.entries()) {
    if (!dependent.has(outputs[0])) continue;
    if (needed <= i) ways.add(outputs[0]);
    for (const output of outputs) needed = Math.max(needed, lastRead.get(output) ?? -1);
  }
  return ways;
}

function endsLayer(node: Node, readers: readonly Node[]): boolean {
  const { opType } = node.operator;
  const next = readers.map(({ operator }) => operator.opType);
  if (opType === "Concat") return true;
  if (opType === "Add") return joinsMaps(node) && !next.some((type) => activations.has(type));
  // Halves that are joined, or a gate that weighs another map, are parts of a layer.
  const isPart = next.length > 0 && next.every((type) => type === "Concat" || type === "Mul");
  return (activations.has(opType) || isSwish(node)) && !isPart;
}

/** Whether all that it reads are computed maps: it ends a residual block, and adds no bias. */
function joinsMaps({ inputs }: Node): boolean {
  return inputs.every((input) => input && !input.constant && isMap(input));
}

/** x · gate(x), whatever the gate is computed by. */
function isSwish(node: Node): boolean {
  if (node.operator.opType !== "Mul" || !joinsMaps(node)) return false;
  const [a, b] = node.inputs as Value[];
  return leadsTo(a, b) || leadsTo(b, a);
}

/** Whether `to` is computed from `from` by few nodes. */
function leadsTo(from: Value, to: Value, steps = 4): boolean {
  if (to === from) return true;
  if (steps === 0 || !to.producer) return false;
  return to.producer.inputs.some((input) => input && !input.constant && leadsTo(from, input, steps - 1));
}

/** Whether its convolution sees single positions and makes fewer channels than it reads. */
function isSqueezed({ inputs }: Node): boolean {
  const convolution = inputs[0]?.producer;
  if (convolution?.operator.opType !== "Conv") return false;
  const [outChannels, inChannels, ...kernel] = convolution.inputs[1]!.dims;
  return kernel.every((k) => k === 1) && outChannels < inChannels;
}
