import { FoveaError, Random, type Tensor } from "../core/index.ts";
import type { Graph, Value } from "../graph/index.ts";
import type { Initializer } from "./initializers.ts";

/** What role a parameter plays in training. */
export type ParameterRole =
  /** Learned, with weight decay. */
  | "weight"
  /** Learned, without weight decay: biases, and gains of normalisation. */
  | "gain"
  /** Not learned by gradient but by running averages. */
  | "statistic";

/** A named tensor that training changes. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: ParameterRole;
  readonly initialize: Initializer;
  /** Its tensor in the graph under construction. */
  readonly value: Value;
}

/** All parameters of one graph, in the order in which its layers asked for them. */
export class ParameterSet {
  readonly parameters: Map<string, Parameter> = new Map();
  /** What running averages become after a step, by parameter name. */
  readonly updates: Map<string, Value> = new Map();

  /** First values; each parameter draws from a stream of its own, so that nets may grow without reshuffling. */
  initialValues(seed: number): Map<string, Tensor> {
    return new Map(
      [...this.parameters.values()].map(({ name, shape, initialize }) => {
        const random = new Random(seed, ...Buffer.from(name));
        return [name, { dtype: "float32", shape, data: initialize(shape, random) }];
      }),
    );
  }
}

/** What a scope builds: a net to be trained, or one whose parameters are known. */
export interface ScopeOptions {
  /** Known values by name: the parameters become constants of the graph. */
  values?: ReadonlyMap<string, Tensor>;
  /** Batch statistics instead of running ones; default: true where no values are given. */
  training?: boolean;
}

/** A place in a net: names its parameters and says how layers behave there. */
export class Scope {
  readonly graph: Graph;
  readonly set: ParameterSet;
  readonly training: boolean;
  readonly #values: ReadonlyMap<string, Tensor> | undefined;
  readonly #path: string;

  constructor(graph: Graph, options: ScopeOptions = {}, set: ParameterSet = new ParameterSet(), path = "") {
    this.graph = graph;
    this.set = set;
    this.#values = options.values;
    this.training = options.training ?? !options.values;
    this.#path = path;
  }

  /** The scope of a part. */
  at(name: string | number): Scope {
    const path = this.#path ? `${this.#path}.${name}` : `${name}`;
    return new Scope(this.graph, { values: this.#values, training: this.training }, this.set, path);
  }

  /** A parameter of this part; throws `parameter-missing` where known values lack it or differ in shape. */
  parameter(
    name: string,
    shape: readonly number[],
    initialize: Initializer,
    role: ParameterRole = "weight",
  ): Value {
    const full = this.#path ? `${this.#path}.${name}` : name;
    if (this.set.parameters.has(full)) {
      throw new FoveaError(
        "name-taken",
        `Scope: parameter \`${full}\` exists already; give the part a name.`,
      );
    }
    const value = this.#values
      ? this.graph.constant(this.#known(full, shape), full)
      : this.graph.input(full, shape);
    this.set.parameters.set(full, { name: full, shape, role, initialize, value });
    return value;
  }

  /** Says what a running average becomes after this step. */
  update(name: string, next: Value): void {
    this.set.updates.set(this.#path ? `${this.#path}.${name}` : name, next);
  }

  #known(name: string, shape: readonly number[]): Tensor {
    const known = this.#values!.get(name);
    if (!known || known.shape.join() !== shape.join()) {
      throw new FoveaError(
        "parameter-missing",
        `Scope: parameter \`${name}\` [${shape}] is ${known ? `[${known.shape}]` : "missing"} in the given values.`,
      );
    }
    return known;
  }
}
