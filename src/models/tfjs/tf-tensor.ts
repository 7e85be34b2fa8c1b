import { FoveaError, type Tensor, tensor, toNumbers } from "../../core/index.ts";
import { type Graph, reshape, transpose, type Value } from "../../graph/index.ts";

/** From TensorFlow's order of axes to that of ONNX, and back. */
const TO_CHANNELS_FIRST = [0, 3, 1, 2];
const TO_CHANNELS_LAST = [0, 2, 3, 1];

/**
 * A tensor of a TensorFlow graph. Those of four axes `[N, H, W, C]` may be kept as `[N, C, H, W]`, the order in which
 * ONNX computes; each order is made when somebody asks for it, and once, so that a net of convolutions has transposes
 * at its ends only.
 */
export class TfTensor {
  /** The shape in TensorFlow's order. */
  readonly dims: readonly number[];
  /** Whether it is kept with its channels first; only then is that order free. */
  readonly isChannelsFirst: boolean;
  /** The numbers, where they are known. */
  readonly constant: Tensor | undefined;
  readonly #make: (order: readonly number[], shape?: readonly number[]) => Value;
  #last: Value | undefined;
  #first: Value | undefined;

  private constructor(
    dims: readonly number[],
    constant: Tensor | undefined,
    make: (order: readonly number[], shape?: readonly number[]) => Value,
    values: { last?: Value; first?: Value },
  ) {
    this.dims = dims;
    this.constant = constant;
    this.#make = make;
    this.#last = values.last;
    this.#first = values.first;
    this.isChannelsFirst = values.first !== undefined;
  }

  /** A tensor in TensorFlow's own order. */
  static plain(value: Value): TfTensor {
    return new TfTensor(value.dims, value.constant, (order) => transpose(value, order), { last: value });
  }

  /** A tensor `[N, C, H, W]`. */
  static channelsFirst(value: Value): TfTensor {
    const dims = TO_CHANNELS_LAST.map((axis) => value.dims[axis]);
    return new TfTensor(dims, undefined, () => toChannelsLast(value), { first: value });
  }

  /** Known numbers; whichever order is used first gets the name. */
  static constant(graph: Graph, name: string, known: Tensor): TfTensor {
    const make = (order: readonly number[], shape?: readonly number[]) => {
      const ordered = permuteTensor(known, order);
      return graph.constant(
        { ...ordered, shape: shape ?? ordered.shape },
        graph.hasName(name) ? undefined : name,
      );
    };
    return new TfTensor(known.shape, known, make, {});
  }

  get rank(): number {
    return this.dims.length;
  }

  /** In TensorFlow's order. */
  get plain(): Value {
    this.#last ??= this.#make(this.dims.map((_, axis) => axis));
    return this.#last;
  }

  /** `[N, C, H, W]`; only of four axes. */
  get first(): Value {
    this.#first ??= this.#make(TO_CHANNELS_FIRST);
    return this.#first;
  }

  /** With its axes in another order, and then in another shape: of filters, mostly. */
  ordered(order: readonly number[], shape: readonly number[] = order.map((axis) => this.dims[axis])): Value {
    return this.constant ? this.#make(order, shape) : reshape(transpose(this.plain, order), shape);
  }

  /**
   * As an operand beside tensors `[N, C, H, W]`: missing axes are ones.
   * @throws `operator-unsupported` beyond four axes
   */
  get besideChannelsFirst(): Value {
    if (this.rank === 4) return this.first;
    if (this.rank === 0) return this.plain;
    const dims = [...Array<number>(4 - this.rank).fill(1), ...this.dims];
    const [n, h, w, c] = dims;
    if (h === 1 && w === 1) return reshape(this.plain, n === 1 ? [c, 1, 1] : [n, c, 1, 1]);
    return transpose(reshape(this.plain, dims), TO_CHANNELS_FIRST);
  }

  /** The numbers. @throws `operator-unsupported` where they are only known at run time */
  numbers(what: string): number[] {
    const known = this.constant ?? this.#last?.constant;
    if (known) return toNumbers(known);
    throw new FoveaError("operator-unsupported", `${what} must be known when the model is read.`);
  }
}

/** `[N, C, H, W]` to `[N, H, W, C]`: single pixels need not move. */
function toChannelsLast(value: Value): Value {
  const [n, c, h, w] = value.dims;
  return h === 1 && w === 1 ? reshape(value, [n, 1, 1, c]) : transpose(value, TO_CHANNELS_LAST);
}

/** A tensor with its axes in another order: axis i of the result is axis `order[i]`. */
export function permuteTensor(known: Tensor, order: readonly number[]): Tensor {
  if (order.every((axis, i) => axis === i)) return known;
  const shape = order.map((axis) => known.shape[axis]);
  const strides = known.shape.map((_, i) => known.shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const steps = order.map((axis) => strides[axis]);
  const numbers = toNumbers(known);
  const index = shape.map(() => 0);
  let from = 0;
  const result = numbers.map(() => {
    const number = numbers[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++index[axis] < shape[axis]) break;
      from -= steps[axis] * shape[axis];
      index[axis] = 0;
    }
    return number;
  });
  return tensor(result, shape, known.dtype);
}
