import { Add, BatchNormalization, Concat, type Node, type Readers, type Value } from "../../graph/index.ts";

/** What follows a convolution before the next one: its norm, its activation, the sum with a shortcut. */
export interface BlockEnd {
  /** The block's result, which the rest of the net reads. */
  output: Value;
  /** The same before an activation that cuts off: what a unit wants, also where it is silent. */
  before: Value;
}

/**
 * The end of the block that a convolution begins: as far as there are only operations on each element, of what the
 * convolution gave (and of numbers), and through the sum with a shortcut where an activation comes after it.
 */
export function findBlockEnd(convolution: Node, readers: Readers): BlockEnd {
  const [start] = convolution.outputs;
  const own = elementwiseFrom(start, readers);
  let output = lastGate(start, own, readers);
  const sum = onlyReader(output, readers);
  if (sum?.operator === Add) {
    const total = sum.outputs[0];
    const activated = onlyReader(total, readers);
    if (activated && isPointwise(activated))
      output = lastGate(total, elementwiseFrom(total, readers), readers);
  }
  return { output, before: beforeCut(output) };
}

/** All that is computed element by element from a tensor and numbers alone, in order, the tensor first. */
function elementwiseFrom(start: Value, readers: Readers): Value[] {
  const found = new Set([start]);
  for (const value of found) {
    for (const node of readers.get(value) ?? []) {
      const given = node.inputs.every((input) => !input || found.has(input) || isNumbers(input));
      if (given && isElementwise(node)) found.add(node.outputs[0]);
    }
  }
  return [...found];
}

/** The last of these tensors that alone is read by the rest. */
function lastGate(start: Value, own: readonly Value[], readers: Readers): Value {
  const inside = new Set(own);
  const readOutside = own.filter((value) => {
    const nodes = readers.get(value) ?? [];
    return nodes.length === 0 || nodes.some(({ outputs }) => !inside.has(outputs[0]));
  });
  return readOutside.length === 1 ? readOutside[0] : start;
}

function onlyReader(value: Value, readers: Readers): Node | undefined {
  const nodes = readers.get(value) ?? [];
  return nodes.length === 1 ? nodes[0] : undefined;
}

function isElementwise(node: Node): boolean {
  const { operator, inputs, outputs } = node;
  const keepsShape = outputs.length === 1 && `${outputs[0].shape}` === `${widest(inputs)?.shape}`;
  return (
    keepsShape && (operator === BatchNormalization || operator.elementwise === true || isPointwise(node))
  );
}

/** An operation on each element of one tensor, as activations are. */
function isPointwise({ operator, inputs: [x, ...others], outputs }: Node): boolean {
  if (operator === Concat || !x || !operator.gradient) return false;
  const numbers = others.every((other) => !other || isNumbers(other));
  return (
    numbers && outputs.length === 1 && `${x.shape}` === `${outputs[0].shape}` && !POOLS.test(operator.opType)
  );
}

/** Operations that keep a map's shape and yet look at its neighbourhood. */
const POOLS = /Conv|Pool|Softmax|Normalization|Pad|Resize|MatMul|Slice|Transpose|Reshape|LRN/;

function widest(inputs: readonly (Value | undefined)[]): Value | undefined {
  return inputs.reduce((most, input) => (input && input.rank >= (most?.rank ?? 0) ? input : most), undefined);
}

/** A constant, or what is computed of constants. */
function isNumbers({ constant, producer }: Value): boolean {
  return constant !== undefined || (producer?.inputs.every((input) => !input || isNumbers(input)) ?? false);
}

/** What an activation was given, where it may have cut it off. */
function beforeCut(output: Value): Value {
  const { producer } = output;
  const cuts =
    producer &&
    /^(Relu|Clip|LeakyRelu|PRelu|ThresholdedRelu|Elu|Selu|Celu|HardSwish|Gelu|Mish)$/.test(
      producer.operator.opType,
    );
  return cuts ? producer.inputs[0]! : output;
}
