import {
  add,
  clip,
  elu,
  leakyRelu,
  mul,
  prelu,
  relu,
  selu,
  sigmoid,
  softplus,
  tanh,
  type Value,
} from "../../../graph/index.ts";
import { TfTensor } from "../tf-tensor.ts";
import { type Conversion, type Converter, elementwise, unsupported } from "./conversion.ts";

/** Activations of one tensor. */
const simple: Readonly<Record<string, (x: Value) => Value>> = {
  Relu: relu,
  Relu6: (x) => clip(x, 0, 6),
  Elu: (x) => elu(x),
  Selu: selu,
  Sigmoid: sigmoid,
  Tanh: tanh,
  Softplus: softplus,
};

function leaky({ inputs: [x], attributes }: Conversion): TfTensor {
  return elementwise(x, (value) => leakyRelu(value, attributes.real("alpha", 0.2)));
}

/** x where x > 0, else slope · x. */
function learned(x: TfTensor, slope: TfTensor): TfTensor {
  if (x.isChannelsFirst) return TfTensor.channelsFirst(prelu(x.first, slope.besideChannelsFirst));
  return TfTensor.plain(prelu(x.plain, slope.plain));
}

export const activations: Readonly<Record<string, Converter>> = {
  ...Object.fromEntries(
    Object.entries(simple).map(([op, apply]): [string, Converter] => [
      op,
      ({ inputs: [x] }) => [elementwise(x, apply)],
    ]),
  ),
  LeakyRelu: (conversion) => [leaky(conversion)],
  Prelu: ({ inputs: [x, slope] }) => [learned(x, slope)],
};

/**
 * What a fused node does after its sum: a bias, and an activation.
 * @param operations their names; @param extra what they take besides the sum
 * @throws `operator-unsupported` for another operation
 */
export function applyFused(
  conversion: Conversion,
  sum: TfTensor,
  operations: readonly string[],
  extra: readonly TfTensor[],
): TfTensor {
  const rest = [...extra];
  let y = sum;
  for (const fused of operations) {
    if (fused === "BiasAdd") y = addBias(y, rest.shift()!);
    else if (fused === "Prelu") y = learned(y, rest.shift()!);
    else if (fused === "LeakyRelu") {
      const alpha = conversion.attributes.real("leakyrelu_alpha", 0.2);
      y = elementwise(y, (value) => leakyRelu(value, alpha));
    } else if (simple[fused]) y = elementwise(y, simple[fused]);
    else if (fused === "swish_f32" || fused === "Swish") y = elementwise(y, (x) => mul(x, sigmoid(x)));
    else throw unsupported(conversion, `fused operation "${fused}"`);
  }
  return y;
}

/** Adds one number for each channel. */
export function addBias(x: TfTensor, bias: TfTensor): TfTensor {
  if (x.isChannelsFirst) return TfTensor.channelsFirst(add(x.first, bias.besideChannelsFirst));
  return TfTensor.plain(add(x.plain, bias.plain));
}
