import { FoveaError, type Tensor } from "../../core/index.ts";
import { AveragePool, Conv, type Graph, MaxPool, type Operator, type Value } from "../../graph/index.ts";
import { type Pads, samePads } from "../same-padding.ts";
import { TfTensor } from "../tfjs/index.ts";

/** Where a window may stand: "same" pads with zeros as TensorFlow does, "valid" does not pad. */
export type Padding = "same" | "valid" | Pads;

export interface WindowOptions {
  stride?: number;
  padding?: Padding;
}

/** Layers on the weights of `@vladmandic/face-api`, whose filters are `[height, width, in, out]`. */
export class FaceApiLayers {
  readonly graph: Graph;
  readonly #weights: ReadonlyMap<string, Tensor>;

  constructor(graph: Graph, weights: ReadonlyMap<string, Tensor>) {
    this.graph = graph;
    this.#weights = weights;
  }

  /** @throws `model-unreadable` where the file lacks it */
  tensor(name: string): Tensor {
    const tensor = this.#weights.get(name);
    if (tensor) return tensor;
    throw new FoveaError("model-unreadable", `The weights of @vladmandic/face-api lack \`${name}\`.`);
  }

  /** A weight as it is. */
  value(name: string): Value {
    return this.graph.constant(this.tensor(name), name);
  }

  /** Convolution by filters `[h, w, in, out]`, plus a bias. */
  conv(x: Value, filters: string, bias?: string, options: WindowOptions = {}): Value {
    const filter = this.#filter(filters).ordered([3, 2, 0, 1]);
    return this.#windowed(Conv, x, filter.dims.slice(2), options, [
      filter,
      bias ? this.value(bias) : undefined,
    ]);
  }

  /** Convolution of each channel by its own filter `[h, w, channels, 1]`. */
  depthwise(x: Value, filters: string, options: WindowOptions = {}): Value {
    const filter = this.#filter(filters).ordered([2, 3, 0, 1]);
    return this.#windowed(Conv, x, filter.dims.slice(2), options, [filter], { group: filter.dims[0] });
  }

  /** A depthwise convolution and a pointwise one with bias: `name/depthwise_filter`, `…/pointwise_filter`, `…/bias`. */
  separable(x: Value, name: string, options: WindowOptions = {}): Value {
    const spread = this.depthwise(x, `${name}/depthwise_filter`, options);
    return this.conv(spread, `${name}/pointwise_filter`, `${name}/bias`);
  }

  maxPool(x: Value, kernel: number, options: WindowOptions): Value {
    return this.#windowed(MaxPool, x, [kernel, kernel], options);
  }

  averagePool(x: Value, kernel: number, options: WindowOptions): Value {
    return this.#windowed(AveragePool, x, [kernel, kernel], options);
  }

  /** Numbers by channel as an operand beside `[N, C, H, W]`. */
  byChannel(name: string): Value {
    return TfTensor.constant(this.graph, name, this.tensor(name)).besideChannelsFirst;
  }

  #filter(name: string): TfTensor {
    return TfTensor.constant(this.graph, name, this.tensor(name));
  }

  #windowed(
    operator: Operator,
    x: Value,
    kernel: readonly number[],
    { stride = 1, padding = "same" }: WindowOptions,
    rest: readonly (Value | undefined)[] = [],
    extra: { group?: number } = {},
  ): Value {
    const strides = [stride, stride];
    const pads =
      padding === "same"
        ? samePads(x.dims.slice(2), kernel, strides)
        : padding === "valid"
          ? [0, 0, 0, 0]
          : padding;
    const attributes = { kernel_shape: kernel, strides, pads, ...extra };
    return this.graph.apply(operator, [x, ...rest], attributes)[0];
  }
}
