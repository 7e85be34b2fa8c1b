import {
  Celu,
  Elu,
  elu,
  erf,
  gelu,
  HardSigmoid,
  hardSigmoid,
  hardSwish,
  LeakyRelu,
  leakyRelu,
  mish,
  type Operator,
  prelu,
  Selu,
  selu,
  silu,
  ThresholdedRelu,
  type Value,
} from "../../../src/graph/index.ts";
import { awayFrom, type Draw, uniform } from "../draw.ts";
import type { OperatorCase } from "../operator-case.ts";

function unary(name: string, apply: (x: Value) => Value, input: Draw): OperatorCase {
  return { name, inputs: { x: input }, build: ({ x }) => apply(x) };
}

/** With nothing said: ONNX's own defaults. */
function byDefault(operator: Operator, input: Draw): OperatorCase {
  return unary(`${operator.opType} with ONNX's defaults`, (x) => x.graph.apply(operator, [x])[0], input);
}

function preluCase(shape: readonly number[], slope: readonly number[]): OperatorCase {
  return {
    name: `PRelu [${shape}], slope [${slope}]`,
    inputs: { x: awayFrom(shape), slope: uniform(slope, 0.1, 0.6) },
    build: ({ x, slope }) => prelu(x, slope),
  };
}

const offZero = awayFrom([3, 4]);
const wide = uniform([3, 5], -3, 3);

export const activationCases: readonly OperatorCase[] = [
  unary("LeakyRelu alpha 0.2", (x) => leakyRelu(x, 0.2), offZero),
  byDefault(LeakyRelu, offZero),
  preluCase([2, 3, 4], [3, 1]),
  preluCase([2, 3, 2, 2], [1]),
  preluCase([2, 3], [2, 3]),
  unary("Elu alpha 0.7", (x) => elu(x, 0.7), offZero),
  byDefault(Elu, offZero),
  unary("Selu", selu, offZero),
  unary("Selu alpha 1.2, gamma 0.9", (x) => x.graph.apply(Selu, [x], { alpha: 1.2, gamma: 0.9 })[0], offZero),
  unary("Celu alpha 0.6", (x) => x.graph.apply(Celu, [x], { alpha: 0.6 })[0], offZero),
  unary(
    "ThresholdedRelu alpha 0.4",
    (x) => x.graph.apply(ThresholdedRelu, [x], { alpha: 0.4 })[0],
    awayFrom([3, 4], [0.4]),
  ),
  unary("HardSigmoid", (x) => hardSigmoid(x), awayFrom([4, 5], [-3, 3], 4)),
  byDefault(HardSigmoid, awayFrom([4, 5], [-2.5, 2.5], 4)),
  unary("HardSwish", hardSwish, awayFrom([4, 5], [-3, 3], 4)),
  unary("Erf", erf, wide),
  unary("Gelu", (x) => gelu(x), wide),
  unary("Gelu by tanh", (x) => gelu(x, "tanh"), wide),
  unary("Mish", mish, wide),
  unary("silu", silu, wide),
];
