import { type DataType, FoveaError, Random, type Tensor } from "../core/index.ts";
import type { Graph, Value } from "../graph/index.ts";
import type { Initializer } from "./initializers.ts";

/** What role a parameter plays in training. */
export type ParameterRole =
  /** Learned, with weight decay. */
  | "weight"
  /** Learned, without weight decay: biases, and gains of normalisation. */
  | "gain"
  /** Not learned by gradient but by running averages. */
  | "statistic"
  /** Not changed at all: no gradient is computed for it. */
  | "frozen";

/** Name of the input that holds a step's random numbers: see {@link Scope.stepRandom}. */
export const STEP_RANDOM = "step/random";

/** A named tensor that training changes. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: ParameterRole;
  /** Factor on the learning rate. */
  readonly rate: number;
  readonly initialize: Initializer;
  /** Its tensor in the graph under construction. */
  readonly value: Value;
}

/** All parameters of one graph, in the order in which its layers asked for them. */
export class ParameterSet {
  readonly parameters: Map<string, Parameter> = new Map();
  /** What running averages become after a step, by parameter name. */
  readonly updates: Map<string, Value> = new Map();
  /** The step's random numbers, once a layer has asked for them. */
  random: Value | undefined;

  readonly #dropouts = new Map<string, number>();

  /** How many dropouts a place had before this one. */
  countDropout(path: string): number {
    const before = this.#dropouts.get(path) ?? 0;
    this.#dropouts.set(path, before + 1);
    return before;
  }

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

/** How the parameters of a place are trained. */
export interface Treatment {
  frozen: boolean;
  rate: number;
}

/** A place in a net: names its parameters and says how layers behave there. */
export class Scope {
  readonly graph: Graph;
  readonly set: ParameterSet;
  readonly training: boolean;
  readonly #values: ReadonlyMap<string, Tensor> | undefined;
  /** Name of the place, its parts joined by dots; empty at the top. */
  readonly path: string;
  readonly #treatment: Treatment;

  constructor(
    graph: Graph,
    options: ScopeOptions = {},
    set: ParameterSet = new ParameterSet(),
    path = "",
    treatment: Treatment = { frozen: false, rate: 1 },
  ) {
    this.graph = graph;
    this.set = set;
    this.#values = options.values;
    this.#treatment = treatment;
    this.training = (options.training ?? !options.values) && !treatment.frozen;
    this.path = path;
  }

  /** The scope of a part. */
  at(name: string | number): Scope {
    return this.#derived(this.path ? `${this.path}.${name}` : `${name}`, this.#treatment);
  }

  /**
   * The same place with its parameters as they are: nothing in it is learned, its norms use their running
   * statistics, and the backward pass ends where nothing before it learns.
   */
  frozen(): Scope {
    return this.#derived(this.path, { ...this.#treatment, frozen: true });
  }

  /** The same place learning at `factor` (> 0) times the rate of what surrounds it. */
  withRate(factor: number): Scope {
    if (!(factor > 0)) {
      throw new FoveaError(
        "argument-range",
        `Scope: \`factor\` (=${factor}) must be above 0; use frozen() for what shall not learn.`,
      );
    }
    return this.#derived(this.path, { ...this.#treatment, rate: this.#treatment.rate * factor });
  }

  #derived(path: string, treatment: Treatment): Scope {
    const options = { values: this.#values, training: this.training };
    return new Scope(this.graph, options, this.set, path, treatment);
  }

  /** A parameter of this part; throws `parameter-missing` where known values lack it or differ in shape. */
  parameter(
    name: string,
    shape: readonly number[],
    initialize: Initializer,
    role: ParameterRole = "weight",
  ): Value {
    const full = this.path ? `${this.path}.${name}` : name;
    if (this.set.parameters.has(full)) {
      throw new FoveaError(
        "name-taken",
        `Scope: parameter \`${full}\` exists already; give the part a name.`,
      );
    }
    const value = this.#values
      ? this.graph.constant(this.#known(full, shape), full)
      : this.graph.input(full, shape);
    const { frozen, rate } = this.#treatment;
    const treated = frozen ? "frozen" : role;
    this.set.parameters.set(full, { name: full, shape, role: treated, rate, initialize, value });
    return value;
  }

  /** Two numbers in [2048, 4096), `[2]`, that are others in every step, for layers that act at random in training. */
  stepRandom(): Value {
    this.set.random ??= this.graph.input(STEP_RANDOM, [2]);
    return this.set.random;
  }

  /** Says what a running average becomes after this step. */
  update(name: string, next: Value): void {
    this.set.updates.set(this.path ? `${this.path}.${name}` : name, next);
  }

  #known(name: string, shape: readonly number[]): Tensor {
    const known = this.#values!.get(name);
    if (!known || known.shape.join() !== shape.join()) {
      throw new FoveaError(
        "parameter-missing",
        `Scope: parameter \`${name}\` [${shape}] is ${known ? `[${known.shape}]` : "missing"} in the given values.`,
      );
    }
    requireFloat32(name, known.dtype);
    return known;
  }
}

/** Refuses a parameter's values that are not float32; throws `parameter-type`. */
export function requireFloat32(name: string, dtype: DataType): void {
  if (dtype === "float32") return;
  throw new FoveaError(
    "parameter-type",
    `Parameter \`${name}\` is given as ${dtype}, but nets are built in float32; convert it${dtype === "float16" ? " with fromFloat16" : ""}.`,
  );
}
