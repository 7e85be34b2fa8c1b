import {
  And,
  add,
  div,
  equal,
  greater,
  greaterOrEqual,
  LessOrEqual,
  less,
  maximum,
  minimum,
  mul,
  Not,
  neg,
  type Operand,
  Or,
  pow,
  sub,
  type Value,
  where,
} from "../../../src/graph/index.ts";
import { booleans, type Draw, distinct, fixed, listed, uniform } from "../draw.ts";
import type { OperatorCase } from "../operator-case.ts";

type Binary = (a: Operand, b: Operand) => Value;

/** Shapes of both operands: equal, one broadcast, the other, both at once, and a scalar. */
const pairs: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [2, 3],
    [2, 3],
  ],
  [
    [2, 3, 2],
    [3, 1],
  ],
  [
    [1, 3],
    [2, 2, 3],
  ],
  [
    [2, 1, 3],
    [1, 2, 1],
  ],
  [[], [2, 3]],
  [[2, 3], []],
];

function eachPair(
  name: string,
  apply: Binary,
  a: (shape: readonly number[]) => Draw,
  b: (shape: readonly number[]) => Draw,
): OperatorCase[] {
  return pairs.map(([first, second]) => ({
    name: `${name} [${first}] and [${second}]`,
    inputs: { a: a(first), b: b(second) },
    build: ({ a, b }) => apply(a, b),
  }));
}

/** Steps apart from those of `distinct`, so that no two operands are near each other. */
function between(shape: readonly number[]): Draw {
  const steps = distinct(shape);
  return { ...steps, values: (random) => steps.values(random).map((value) => value + 0.025) };
}

const any = (shape: readonly number[]) => uniform(shape);
const positive = (shape: readonly number[]) => uniform(shape, 0.5, 2);

function compare(name: string, apply: Binary): OperatorCase {
  return {
    name: `${name} with broadcasting`,
    inputs: { a: fixed(listed([1, 2, 3, 2, 2, 2], [2, 3])), b: fixed(listed([2, 1, 3])) },
    build: ({ a, b }) => apply(a, b),
  };
}

export const arithmeticCases: readonly OperatorCase[] = [
  ...eachPair("Add", add, any, any),
  ...eachPair("Sub", sub, any, any),
  ...eachPair("Mul", mul, any, any),
  ...eachPair("Div", div, any, positive),
  ...eachPair("Pow", pow, positive, any),
  ...eachPair("Max", maximum, distinct, between),
  ...eachPair("Min", minimum, distinct, between),
  {
    name: "Mul of a tensor by itself",
    inputs: { x: uniform([2, 3]) },
    build: ({ x }) => mul(x, x),
  },
  {
    name: "Pow of negative numbers by a whole exponent",
    inputs: { x: uniform([2, 3], -2, -0.5) },
    build: ({ x }) => pow(x, 3),
  },
  {
    name: "Pow of zero and one by exponents 0, 1 and 2",
    inputs: { a: listed([0, 0, 0, 1, 1, 1]), b: fixed(listed([0, 1, 2, 0, 1, 2])) },
    build: ({ a, b }) => pow(a, b),
  },
  {
    name: "Sub of a tensor from a number",
    inputs: { x: uniform([2, 3]) },
    build: ({ x }) => sub(1, x),
  },
  {
    name: "Neg",
    inputs: { x: uniform([2, 3]) },
    build: ({ x }) => neg(x),
  },
  compare("Greater", greater),
  compare("GreaterOrEqual", greaterOrEqual),
  compare("Less", less),
  compare("Equal", equal),
  {
    name: "LessOrEqual",
    inputs: { a: fixed(listed([1, 2, 3])), b: fixed(listed([2, 2, 2])) },
    build: ({ a, b }) => a.graph.apply(LessOrEqual, [a, b]),
  },
  {
    name: "And, Or, Not",
    inputs: { a: booleans([8]), b: booleans([8]) },
    build: ({ a, b }) => [
      a.graph.apply(And, [a, b])[0],
      a.graph.apply(Or, [a, b])[0],
      a.graph.apply(Not, [a])[0],
    ],
  },
  {
    name: "Where of equal shapes",
    inputs: { condition: booleans([2, 4]), a: uniform([2, 4]), b: uniform([2, 4]) },
    build: ({ condition, a, b }) => where(condition, a, b),
  },
  {
    name: "Where, everything broadcast",
    inputs: { condition: booleans([2, 1, 4]), a: uniform([3, 1]), b: uniform([1, 1, 4]) },
    build: ({ condition, a, b }) => where(condition, a, b),
  },
  {
    name: "Where of a number and a tensor",
    inputs: { condition: booleans([2, 3]), b: uniform([]) },
    build: ({ condition, b }) => where(condition, 7, b),
  },
];
