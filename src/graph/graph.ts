import { type DataType, FoveaError, type Tensor, tensor } from "../core/index.ts";
import { fold } from "./fold.ts";
import { requireElements, requireName, requireShape, requireType, requireWhole } from "./graph-checks.ts";
import type { Attributes, Kind, Operator } from "./operator.ts";
import type { Dim, Shape } from "./shape.ts";

/** A tensor that a graph computes, is given, or holds as a constant. */
export class Value {
  readonly graph: Graph;
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: Shape;
  /** The node that computes it; undefined for inputs and constants. */
  producer: Node | undefined;
  /** Its elements, where they are known when the graph is built. */
  constant: Tensor | undefined;
  /** Whether `constant` is no tensor that was given: it was computed from shapes, or is a shared scalar. */
  folded = false;

  constructor(graph: Graph, name: string, dtype: DataType, shape: Shape) {
    this.graph = graph;
    this.name = name;
    this.dtype = dtype;
    this.shape = shape;
  }

  /** The shape, where every dimension is known; throws `shape-unknown` otherwise. */
  get dims(): readonly number[] {
    if (!this.shape.every((dim) => typeof dim === "number")) {
      throw new FoveaError(
        "shape-unknown",
        `Tensor \`${this.name}\` has shape [${this.shape}], but this use needs every dimension to be known; give the inputs sizes instead of names.`,
      );
    }
    return this.shape as readonly number[];
  }

  get rank(): number {
    return this.shape.length;
  }
}

/** One application of an operator. */
export class Node {
  readonly operator: Operator;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
  readonly name: string;
  /** Output shapes that the caller vouched for, where the operator's own rule could not know them. */
  readonly givenShapes: readonly Shape[] | undefined;

  constructor(
    operator: Operator,
    inputs: readonly (Value | undefined)[],
    outputs: readonly Value[],
    attributes: Attributes,
    name: string,
    givenShapes?: readonly Shape[],
  ) {
    this.operator = operator;
    this.inputs = inputs;
    this.outputs = outputs;
    this.attributes = attributes;
    this.name = name;
    this.givenShapes = givenShapes;
  }
}

/**
 * A computation under construction. Nodes are only ever added; what no output needs is left out when the
 * graph is encoded or compiled.
 */
export class Graph {
  readonly inputs: Value[] = [];
  #count = 0;
  readonly #integers = new Map<string, Value>();
  readonly #folded = new Map<string, Value>();
  readonly #names = new Set<string>();

  /**
   * A tensor given at run time. A dimension may be a name where it is known only then.
   * @throws FoveaError `name-taken`, `dtype-unknown`; `argument-range` for sizes that are no whole numbers ≥ 0, and for
   *   an empty name
   */
  input(name: string, shape: readonly Dim[], dtype: DataType = "float32"): Value {
    this.#requireFree(name);
    requireType(name, dtype);
    const value = this.#value(name, dtype, shape);
    this.inputs.push(value);
    return value;
  }

  /**
   * A tensor known now; ONNX calls it an initializer.
   * @throws FoveaError `name-taken`, `dtype-unknown`; `tensor-size` where the data are not as many as the shape says, or of
   *   another type
   */
  constant(data: Tensor, name: string = this.#fresh("constant")): Value {
    this.#requireFree(name);
    requireType(name, data.dtype);
    const value = this.#value(name, data.dtype, data.shape);
    requireElements(name, data);
    value.constant = data;
    return value;
  }

  /** A constant scalar, shared among all uses of the same number and type. */
  scalar(number: number, dtype: DataType = "float32"): Value {
    return this.#known(tensor([number], [], dtype));
  }

  /**
   * A constant list of int64, as shapes, axes and pads want it.
   * @throws FoveaError `argument-range` for what is no whole number, `shape-unknown` for a dimension's name
   */
  integers(numbers: readonly number[]): Value {
    requireWhole(numbers);
    const key = `${numbers}`;
    let value = this.#integers.get(key);
    if (!value) {
      value = this.constant(tensor(numbers, [numbers.length], "int64"));
      this.#integers.set(key, value);
    }
    return value;
  }

  /**
   * Applies an operator and returns its outputs.
   * @param shapes Output shapes for the cases that the operator's own rule cannot know (run-time sizes).
   * @param names Names of the outputs, for nodes that had some before; those that are taken are replaced.
   */
  apply(
    operator: Operator,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes = {},
    shapes?: readonly (readonly Dim[])[],
    names: readonly string[] = [],
  ): readonly Value[] {
    const given = inputs.at(-1) === undefined ? trimmed(inputs) : inputs;
    for (const value of given) {
      if (value && value.graph !== this) {
        throw new FoveaError(
          "graph-mixed",
          `${operator.opType}: tensor \`${value.name}\` belongs to another graph than the one it is used in.`,
        );
      }
    }
    const kinds = operator.infer({ inputs: given, attributes, shapes });
    return this.#node(operator, given, attributes, kinds, shapes, names);
  }

  /** Applies an operator whose outputs' types and shapes are known from elsewhere: from a file that says them. */
  applyDeclared(
    operator: Operator,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes,
    kinds: readonly Kind[],
    names: readonly string[] = [],
  ): readonly Value[] {
    const shapes = kinds.map(({ shape }) => shape);
    return this.#node(operator, inputs, attributes, kinds, shapes, names);
  }

  #node(
    operator: Operator,
    given: readonly (Value | undefined)[],
    attributes: Attributes,
    kinds: readonly Kind[],
    shapes: readonly Shape[] | undefined,
    names: readonly string[],
  ): readonly Value[] {
    const folded = fold(operator, given, attributes, kinds[0]);
    if (folded) return [this.#known(folded)];
    const name = this.#fresh(operator.opType);
    const outputs = kinds.map((kind, i) => {
      const wished = names[i];
      const free = wished && !this.#names.has(wished);
      return this.#value(free ? wished : i === 0 ? name : `${name}:${i}`, kind.dtype, kind.shape);
    });
    const node = new Node(operator, given, outputs, attributes, name, shapes);
    for (const output of outputs) output.producer = node;
    return outputs;
  }

  /**
   * Makes an input a computed tensor: `source` (same shape and type) takes its place everywhere.
   * This is how parameters that layers ask for one by one are later cut from one packed buffer.
   * @throws FoveaError `not-an-input`; `shape-mismatch` where what is computed has another type or shape
   */
  bind(placeholder: Value, operator: Operator, inputs: readonly Value[], attributes: Attributes = {}): void {
    const place = this.inputs.indexOf(placeholder);
    if (place < 0) {
      throw new FoveaError(
        "not-an-input",
        `Graph.bind: \`${placeholder.name}\` is not an input of this graph.`,
      );
    }
    const [{ dtype, shape }] = operator.infer({ inputs, attributes, shapes: undefined });
    if (dtype !== placeholder.dtype || `${shape}` !== `${placeholder.shape}`) {
      throw new FoveaError(
        "shape-mismatch",
        `Graph.bind: \`${placeholder.name}\` is ${placeholder.dtype} [${placeholder.shape}], but ${operator.opType} gives ${dtype} [${shape}]; bind a tensor of the same type and shape.`,
      );
    }
    this.inputs.splice(place, 1);
    placeholder.producer = new Node(
      operator,
      inputs,
      [placeholder],
      attributes,
      this.#fresh(operator.opType),
    );
  }

  /** A small constant that nobody gave, and nobody differentiates by; one for all uses of the same elements. */
  #known(data: Tensor): Value {
    const elements = Array.from(data.data as ArrayLike<number | bigint>, (element) =>
      Object.is(element, -0) ? "-0" : element,
    );
    const key = `${data.dtype} [${data.shape}] ${elements}`;
    let value = this.#folded.get(key);
    if (!value) {
      value = this.constant(data);
      value.folded = true;
      this.#folded.set(key, value);
    }
    return value;
  }

  #requireFree(name: string): void {
    requireName(name);
    if (this.#names.has(name)) {
      throw new FoveaError("name-taken", `Graph: a tensor \`${name}\` exists already; names must be unique.`);
    }
  }

  /** Whether a tensor of this name exists. */
  hasName(name: string): boolean {
    return this.#names.has(name);
  }

  /** A positive integer that this graph has not given out before. */
  unique(): number {
    return ++this.#count;
  }

  #value(name: string, dtype: DataType, shape: Shape): Value {
    requireShape(name, shape);
    this.#names.add(name);
    return new Value(this, name, dtype, shape);
  }

  #fresh(prefix: string): string {
    let name: string;
    do name = `${prefix}_${this.#count++}`;
    while (this.#names.has(name));
    return name;
  }
}

function trimmed(inputs: readonly (Value | undefined)[]): readonly (Value | undefined)[] {
  let end = inputs.length;
  while (end > 0 && inputs[end - 1] === undefined) end--;
  return inputs.slice(0, end);
}

/** The nodes that `outputs` need, each after the ones it reads. */
export function orderedNodes(outputs: Iterable<Value>): Node[] {
  const done = new Set<Node>();
  const order: Node[] = [];
  const stack: { node: Node; next: number }[] = [];
  const enter = (node: Node | undefined) => {
    if (node && !done.has(node)) {
      done.add(node);
      stack.push({ node, next: 0 });
    }
  };
  for (const output of outputs) {
    enter(output.producer);
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (top.next < top.node.inputs.length) enter(top.node.inputs[top.next++]?.producer);
      else {
        order.push(top.node);
        stack.pop();
      }
    }
  }
  return order;
}
