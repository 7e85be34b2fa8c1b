import { FoveaError, type Tensor } from "../../core/index.ts";
import {
  add,
  copyGraph,
  cut,
  type GraphCopy,
  mul,
  type Node,
  orderedNodes,
  reduceSumSquare,
  sub,
  type Value,
} from "../../graph/index.ts";
import { constant as filledWith, type ParameterRole, type Scope } from "../../nn/index.ts";

/** Where the layers that learn on stand among the parameters. */
const PATH = "tail";

/** Operators whose constants are weights. */
const LAYERS: readonly string[] = ["Conv", "Gemm", "MatMul"];

/** A trained net in two parts: what is computed once, and the last layers, which learn on. */
export class Tail {
  /** The tensor between the parts; the result itself where no layer learns. */
  readonly at: Value;
  readonly #result: Value;
  /** What learns, with the role that it plays. */
  readonly #parameters: ReadonlyMap<Value, ParameterRole>;

  /**
   * @param result of the net
   * @param layers how many of the last convolutions and matrices shall learn at least; the cut comes where the net is one
   *   tensor wide, so some more may
   * @throws FoveaError `argument-range` where the net has fewer
   */
  constructor(result: Value, layers: number) {
    this.#result = result;
    this.at = cutFor(result, layers);
    const nodes = orderedNodes([result]);
    const after = this.at.producer ? nodes.slice(nodes.indexOf(this.at.producer) + 1) : nodes;
    this.#parameters = new Map(after.flatMap(parametersOf));
  }

  /** Elements of the tensor between the parts, for one picture. */
  get shape(): readonly number[] {
    return this.at.dims.slice(1);
  }

  /** The first part, as a graph of its own. */
  front(): GraphCopy<"features"> {
    return cut({ features: this.at });
  }

  /** First values of what learns, by their names in the scope. */
  get values(): Map<string, Tensor> {
    const known = [...this.#parameters.keys()].map(({ name, constant }) => [name, constant!] as const);
    return this.named(new Map(known));
  }

  /** What learns, out of a whole net's constants by name, under the names in the scope. */
  named(constants: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
    return new Map([...this.#parameters.keys()].map(({ name }) => [`${PATH}.${name}`, constants.get(name)!]));
  }

  /** The last layers on features `[B, …shape]`, as parameters of the scope. */
  build(scope: Scope, features: Value): Value {
    const place = scope.at(PATH);
    const { outputs } = copyGraph(
      { result: this.#result },
      {
        into: scope.graph,
        replaced: new Map([[this.at, features]]),
        constant: (value) => {
          const role = this.#parameters.get(value);
          return role && place.parameter(value.name, value.dims, filledWith(0), role);
        },
      },
    );
    return outputs.result;
  }

  /**
   * strength · Σ(w − w₀)²: what it costs to move away from the trained weights, so that what they know is not lost where
   * the new pictures say nothing (L2-SP, Li et al. 2018). Undefined where nothing learns.
   */
  distanceFromStart({ set, graph }: Scope, strength: number): Value | undefined {
    const squares = [...this.#parameters.keys()].map((value) => {
      const moved = set.parameters.get(`${PATH}.${value.name}`)!.value;
      return reduceSumSquare(sub(moved, graph.constant(value.constant!)), undefined, false);
    });
    return squares.length > 0 && strength > 0 ? mul(squares.reduce(add), strength) : undefined;
  }

  /** The whole net with other values for what has learned. */
  whole(values: ReadonlyMap<string, Tensor>): GraphCopy<"result"> {
    return copyGraph(
      { result: this.#result },
      {
        constant: (value, graph) =>
          this.#parameters.has(value)
            ? graph.constant(values.get(`${PATH}.${value.name}`)!, value.name)
            : undefined,
      },
    );
  }
}

/** The last tensor through which all of the net goes and behind which are as many layers. */
function cutFor(result: Value, layers: number): Value {
  const nodes = orderedNodes([result]);
  const place = new Map(nodes.map((node, i) => [node, i]));
  let behind = 0;
  // The earliest node whose result is read behind the place that is looked at.
  let earliest = nodes.length - 1;
  for (let i = nodes.length - 1; i >= 0; i--) {
    if (earliest === i && behind >= layers) return nodes[i].outputs[0];
    if (isLayer(nodes[i])) behind++;
    const reads = nodes[i].inputs.flatMap((input) => (input?.producer ? [place.get(input.producer)!] : []));
    earliest = Math.min(earliest === i ? i - 1 : earliest, ...reads);
  }
  throw new FoveaError(
    "argument-range",
    `The encoder has ${behind} layers; ${layers} of the last ones cannot learn while the others stay: give a smaller number.`,
  );
}

function isLayer({ operator, inputs }: Node): boolean {
  return LAYERS.includes(operator.opType) && inputs[1]?.constant !== undefined;
}

/** What a node has to learn: filters, matrices, biases, and factors and summands for each channel. */
function parametersOf({ operator, inputs }: Node): [Value, ParameterRole][] {
  const floats = (value: Value | undefined) => value?.constant?.dtype === "float32";
  const gains = (values: readonly (Value | undefined)[]) =>
    values.filter(floats).map((value): [Value, ParameterRole] => [value!, "gain"]);
  switch (operator.opType) {
    case "Conv":
    case "Gemm":
    case "MatMul":
      return floats(inputs[1]) ? [[inputs[1]!, "weight"], ...gains(inputs.slice(2))] : [];
    case "BatchNormalization":
      return gains(inputs.slice(1, 3));
    case "Add":
    case "Mul":
      return gains(inputs.filter((value) => value?.constant && value.constant.data.length > 1));
    default:
      return [];
  }
}
