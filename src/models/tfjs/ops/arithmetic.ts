import { type DataType, isFloat } from "../../../core/index.ts";
import {
  Abs,
  Add,
  And,
  Ceil,
  Cos,
  cast,
  Div,
  Equal,
  Erf,
  Exp,
  Floor,
  Greater,
  GreaterOrEqual,
  Less,
  LessOrEqual,
  Log,
  Max,
  Min,
  Mod,
  Mul,
  Neg,
  Not,
  type Operator,
  Or,
  Pow,
  Reciprocal,
  Round,
  Sign,
  Sin,
  Sqrt,
  Sub,
  type Value,
  where,
} from "../../../graph/index.ts";
import { TfTensor } from "../tf-tensor.ts";
import { type Conversion, type Converter, elementwise, unsupported } from "./conversion.ts";

type Combine = (values: readonly Value[]) => Value;

/** Brings operands to one order of axes and applies what treats elements alike. */
function combined(inputs: readonly TfTensor[], combine: Combine): TfTensor {
  // Where none is kept with its channels first there is nothing to win, and where one has more axes it cannot be.
  const first = inputs.some((x) => x.isChannelsFirst) && inputs.every(({ rank }) => rank <= 4);
  if (!first) return TfTensor.plain(combine(inputs.map(({ plain }) => plain)));
  return TfTensor.channelsFirst(combine(inputs.map((x) => x.besideChannelsFirst)));
}

const apply =
  (operator: Operator): Combine =>
  (values) =>
    values[0].graph.apply(operator, values)[0];

const binary: Readonly<Record<string, Combine>> = {
  Add: apply(Add),
  AddV2: apply(Add),
  Sub: apply(Sub),
  Mul: apply(Mul),
  RealDiv: apply(Div),
  Div: apply(Div),
  FloorDiv: ([a, b]) => floorDivide(a, b),
  FloorMod: ([a, b]) => floorRemainder(a, b),
  Maximum: apply(Max),
  Minimum: apply(Min),
  Pow: apply(Pow),
  SquaredDifference: ([a, b]) => square(apply(Sub)([a, b])),
  Equal: apply(Equal),
  NotEqual: (values) => apply(Not)([apply(Equal)(values)]),
  Greater: apply(Greater),
  GreaterEqual: apply(GreaterOrEqual),
  Less: apply(Less),
  LessEqual: apply(LessOrEqual),
  LogicalAnd: apply(And),
  LogicalOr: apply(Or),
  Select: ([condition, a, b]) => where(condition, a, b),
  SelectV2: ([condition, a, b]) => where(condition, a, b),
};

const unary: Readonly<Record<string, (x: Value) => Value>> = {
  Abs: (x) => apply(Abs)([x]),
  Ceil: (x) => apply(Ceil)([x]),
  Cos: (x) => apply(Cos)([x]),
  Erf: (x) => apply(Erf)([x]),
  Exp: (x) => apply(Exp)([x]),
  Floor: (x) => apply(Floor)([x]),
  Identity: (x) => x,
  IdentityN: (x) => x,
  StopGradient: (x) => x,
  Log: (x) => apply(Log)([x]),
  LogicalNot: (x) => apply(Not)([x]),
  Neg: (x) => apply(Neg)([x]),
  Reciprocal: (x) => apply(Reciprocal)([x]),
  Round: (x) => apply(Round)([x]),
  Rsqrt: (x) => apply(Reciprocal)([apply(Sqrt)([x])]),
  Sign: (x) => apply(Sign)([x]),
  Sin: (x) => apply(Sin)([x]),
  Sqrt: (x) => apply(Sqrt)([x]),
  Square: square,
};

function square(x: Value): Value {
  return apply(Mul)([x, x]);
}

/** The quotient rounded down; ONNX's own of integers is rounded towards zero. */
function floorDivide(a: Value, b: Value): Value {
  if (isFloat(a.dtype)) return apply(Floor)([apply(Div)([a, b])]);
  return apply(Div)([apply(Sub)([a, floorRemainder(a, b)]), b]);
}

function floorRemainder(a: Value, b: Value): Value {
  return isFloat(a.dtype) ? apply(Sub)([a, apply(Mul)([floorDivide(a, b), b])]) : apply(Mod)([a, b]);
}

/** What TensorFlow's element types are here: integers are what ONNX indexes with. */
const dataTypes: Readonly<Record<string, DataType>> = {
  FLOAT: "float32",
  HALF: "float32",
  DOUBLE: "float32",
  INT32: "int64",
  INT64: "int64",
  UINT8: "int64",
  BOOL: "bool",
};

/** The element type here of one of TensorFlow's. */
export function dataTypeOfTf(type: string): DataType | undefined {
  return dataTypes[type];
}

function converted(conversion: Conversion): readonly TfTensor[] {
  const to = conversion.attributes.type("DstT");
  const dtype = dataTypeOfTf(to);
  if (!dtype) throw unsupported(conversion, `type "${to}"`);
  return [elementwise(conversion.inputs[0], (x) => cast(x, dtype))];
}

function sumOfAll({ inputs }: Conversion): readonly TfTensor[] {
  return [combined(inputs, (values) => values.reduce((a, b) => apply(Add)([a, b])))];
}

/** What treats elements alike, one by one. */
export const arithmetic: Readonly<Record<string, Converter>> = {
  ...mapped(binary, (combine) => ({ inputs }) => [combined(inputs, combine)]),
  ...mapped(unary, (function_) => ({ inputs: [x] }) => [elementwise(x, function_)]),
  AddN: sumOfAll,
  Cast: converted,
};

function mapped<T>(
  functions: Readonly<Record<string, T>>,
  converter: (function_: T) => Converter,
): Record<string, Converter> {
  return Object.fromEntries(Object.entries(functions).map(([op, function_]) => [op, converter(function_)]));
}
