import {
  abs,
  Ceil,
  Clip,
  cast,
  clip,
  exp,
  floor,
  log,
  logSoftmax,
  mul,
  reciprocal,
  relu,
  round,
  sigmoid,
  sign,
  sin,
  softmax,
  softplus,
  sqrt,
  stopGradient,
  tanh,
  type Value,
} from "../../../src/graph/index.ts";
import { awayFrom, type Draw, fixed, listed, uniform } from "../draw.ts";
import type { OperatorCase } from "../operator-case.ts";

function unary(name: string, apply: (x: Value) => Value, input: Draw): OperatorCase {
  return { name, inputs: { x: input }, build: ({ x }) => apply(x) };
}

const plain = uniform([3, 4], -2, 2);
const positive = uniform([3, 4], 0.3, 3);
const offZero = awayFrom([3, 4]);
const ties = fixed(listed([-2, -1.5, -0.5, -0.2, 0, 0.2, 0.5, 1, 1.5, 2.5]));

export const elementwiseCases: readonly OperatorCase[] = [
  unary("Exp", exp, plain),
  unary("Log", log, positive),
  unary("Sqrt", sqrt, positive),
  unary("Abs", abs, offZero),
  unary("Reciprocal", reciprocal, uniform([3, 4], -2, -0.5)),
  unary("Floor", floor, ties),
  unary("Ceil", (x) => x.graph.apply(Ceil, [x])[0], ties),
  unary("Round, halves to even", round, ties),
  unary("Sign", sign, ties),
  unary("Relu", relu, offZero),
  unary("Sigmoid", sigmoid, uniform([3, 4], -4, 4)),
  unary("Tanh", tanh, plain),
  unary("Softplus", softplus, uniform([3, 4], -4, 4)),
  unary("Softplus of large numbers", softplus, listed([-60, -20, 20, 60])),
  ...[0, 1, 2, -1].map((axis) =>
    unary(`Softmax axis ${axis}`, (x) => softmax(x, axis), uniform([2, 3, 4], -2, 2)),
  ),
  ...[0, 1, 2, -2].map((axis) =>
    unary(`LogSoftmax axis ${axis}`, (x) => logSoftmax(x, axis), uniform([2, 3, 4], -2, 2)),
  ),
  unary("LogSoftmax of large numbers", (x) => logSoftmax(x), listed([100, 99, 98.5, -100], [1, 4])),
  unary("Clip", (x) => clip(x, -0.7, 0.8), awayFrom([4, 5], [-0.7, 0.8])),
  unary(
    "Clip from below only",
    (x) => x.graph.apply(Clip, [x, x.graph.scalar(0.4)])[0],
    awayFrom([3, 4], [0.4]),
  ),
  unary(
    "Clip from above only",
    (x) => x.graph.apply(Clip, [x, undefined, x.graph.scalar(0.4)])[0],
    awayFrom([3, 4], [0.4]),
  ),
  unary("Cast to double and back", (x) => cast(sin(cast(x, "float64")), "float32"), plain),
  unary("Cast to int64", (x) => cast(x, "int64"), ties),
  unary("Cast to bool", (x) => cast(x, "bool"), ties),
  unary("stopGradient of one factor", (x) => mul(x, stopGradient(x)), plain),
];
