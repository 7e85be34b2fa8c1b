import type { DataType, Tensor } from "../core/index.ts";
import type { Node, Value } from "./graph.ts";
import type { Shape } from "./shape.ts";

/** What ONNX allows as a node's attribute. Integers and floats are told apart by the operator's schema. */
export type Attribute = number | string | readonly number[] | readonly string[] | Tensor;
export type Attributes = Readonly<Record<string, Attribute>>;

/** Type and shape of an output. */
export interface Kind {
  readonly dtype: DataType;
  readonly shape: Shape;
}

/** What a shape rule sees. */
export interface InferContext {
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
  /** Shapes that the caller vouches for, where they depend on run-time values. */
  readonly shapes: readonly Shape[] | undefined;
}

/** What a gradient rule sees: the node, what flows back into each output, and which inputs want a gradient. */
export interface GradientContext {
  readonly node: Node;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** ∂loss/∂output for each output; undefined where the loss does not depend on it. */
  readonly cotangents: readonly (Value | undefined)[];
  /** Whether ∂loss/∂input is wanted, for each input; a rule may skip the others. */
  readonly wanted: readonly boolean[];
}

/** What a folding rule sees: the inputs' elements. */
export interface FoldContext {
  /** Elements of the inputs, in order; absent inputs are left out. */
  readonly tensors: readonly Tensor[];
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
  /** Type and shape of the output. */
  readonly kind: Kind;
}

/**
 * All that Fovea knows of one ONNX operator. Each declares its own answers; no other code branches on
 * an operator's name.
 */
export interface Operator {
  /** ONNX's name. */
  readonly opType: string;
  /** ONNX's operator domain; the default is ONNX's own. */
  readonly domain?: string;
  /** Attributes that ONNX types as float (a JavaScript number does not tell). */
  readonly floats?: readonly string[];
  /** Attributes that name an element type, which ONNX encodes as a number. */
  readonly dtypes?: readonly string[];
  /** Output types and shapes; throws where inputs do not fit. */
  infer(context: InferContext): readonly Kind[];
  /** The vector-Jacobian product; undefined where the operator has none (integers, sorting). */
  readonly gradient?: (context: GradientContext) => readonly (Value | undefined)[];
  /**
   * The output's elements where all inputs are known when the graph is built: the arithmetic by which exporters
   * compute shapes. Only operators of one output have it; undefined where a case is beyond it.
   */
  readonly fold?: (context: FoldContext) => Tensor | undefined;
  /**
   * Floating-point operations of a node, a multiplication and an addition counting as two. Without a rule the node
   * only moves data, or what it does is not worth counting.
   */
  readonly flops?: (node: Node) => number;
  /**
   * The outputs by ONNX's own operators, for an operator that ONNX does not have. Whoever executes a graph may know
   * a faster way; before a model is written, the others are decomposed.
   */
  readonly decompose?: (node: Node, inputs: readonly Value[]) => readonly Value[];
  /** The attributes to write into a file, where ONNX Runtime would misread the node's own. */
  readonly written?: (node: Node) => Attributes;
  /** True where `fold` needs its input's shape only, not its elements. */
  readonly foldsShape?: boolean;
  /** True where each element of the output depends on the elements at its place alone, after broadcasting. */
  readonly elementwise?: boolean;
  /** True where the derivative is zero almost everywhere, so that nothing flows back (comparisons, rounding). */
  readonly flat?: boolean;
}
