import {
  Acos,
  Acosh,
  Asin,
  Asinh,
  Atan,
  Atanh,
  Cos,
  Cosh,
  type Operator,
  Sin,
  Sinh,
  Tan,
} from "../../../src/graph/index.ts";
import { type Draw, uniform } from "../draw.ts";
import type { OperatorCase } from "../operator-case.ts";

function unary(operator: Operator, input: Draw): OperatorCase {
  return {
    name: operator.opType,
    inputs: { x: input },
    build: ({ x }) => x.graph.apply(operator, [x])[0],
  };
}

const any = uniform([3, 4], -2, 2);
const inUnit = uniform([3, 4], -0.8, 0.8);

export const trigonometryCases: readonly OperatorCase[] = [
  unary(Sin, any),
  unary(Cos, any),
  unary(Tan, uniform([3, 4], -1.2, 1.2)),
  unary(Asin, inUnit),
  unary(Acos, inUnit),
  unary(Atan, any),
  unary(Sinh, any),
  unary(Cosh, any),
  unary(Asinh, any),
  unary(Acosh, uniform([3, 4], 1.3, 3)),
  unary(Atanh, inUnit),
];
