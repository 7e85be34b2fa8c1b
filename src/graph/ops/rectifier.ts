import type { Value } from "../graph.ts";
import type { GradientContext, Operator } from "../operator.ts";
import { broadcast } from "../shape.ts";
import { add, mul } from "./arithmetic.ts";
import { greater, less, where } from "./comparison.ts";
import { sumTo } from "./reduction.ts";
import { exp, unaryOperator } from "./unary.ts";

function floatOf({ node }: GradientContext, name: string, fallback: number): number {
  return (node.attributes[name] as number | undefined) ?? fallback;
}

/** x where x > 0, else αx. */
export const LeakyRelu: Operator = unaryOperator(
  "LeakyRelu",
  (context) => {
    const { x, dy } = context;
    return where(greater(x, 0), dy, mul(dy, floatOf(context, "alpha", 0.01)));
  },
  { floats: ["alpha"] },
);

/** x where x > 0, else slope · x; the slope, a tensor, broadcasts to x. */
export const PRelu: Operator = {
  opType: "PRelu",
  elementwise: true,
  infer: ({ inputs: [x, slope] }) => [{ dtype: x!.dtype, shape: broadcast("PRelu", x!.shape, slope!.shape) }],
  gradient({ inputs: [x, slope], cotangents: [dy], wanted }) {
    const rises = greater(x, 0);
    return [
      wanted[0] ? where(rises, dy!, mul(dy!, slope)) : undefined,
      wanted[1] ? sumTo(where(rises, 0, mul(dy!, x)), slope.shape) : undefined,
    ];
  },
};

/** x where x > 0, else α(eˣ − 1) (Clevert et al. 2016). */
export const Elu: Operator = unaryOperator(
  "Elu",
  (context) => {
    const { x, y, dy } = context;
    return where(greater(x, 0), dy, mul(dy, add(y, floatOf(context, "alpha", 1))));
  },
  { floats: ["alpha"] },
);

/** ONNX's defaults of α and γ (Klambauer et al. 2017). */
const SELU_ALPHA = 1.6732631921768188;
const SELU_GAMMA = 1.0507010221481323;

/** γx where x > 0, else γα(eˣ − 1). */
export const Selu: Operator = unaryOperator(
  "Selu",
  (context) => {
    const { x, y, dy } = context;
    const gamma = floatOf(context, "gamma", SELU_GAMMA);
    const alpha = floatOf(context, "alpha", SELU_ALPHA);
    return where(greater(x, 0), mul(dy, gamma), mul(dy, add(y, alpha * gamma)));
  },
  { floats: ["alpha", "gamma"] },
);

/** x where x > 0, else α(e^(x/α) − 1) (Barron 2017). */
export const Celu: Operator = unaryOperator(
  "Celu",
  (context) => {
    const { x, dy } = context;
    return where(greater(x, 0), dy, mul(dy, exp(mul(x, 1 / floatOf(context, "alpha", 1)))));
  },
  { floats: ["alpha"] },
);

/** x where x > α, else 0. */
export const ThresholdedRelu: Operator = unaryOperator(
  "ThresholdedRelu",
  (context) => where(greater(context.x, floatOf(context, "alpha", 1)), context.dy, 0),
  { floats: ["alpha"] },
);

/** max(0, min(1, αx + β)). */
export const HardSigmoid: Operator = unaryOperator(
  "HardSigmoid",
  (context) => {
    const { y, dy } = context;
    const sloped = mul(dy, floatOf(context, "alpha", 0.2));
    return where(greater(y, 0), where(less(y, 1), sloped, 0), 0);
  },
  { floats: ["alpha", "beta"] },
);

/** x · clip(x/6 + ½, 0, 1). */
export const HardSwish: Operator = unaryOperator("HardSwish", ({ x, dy }) => {
  const inner = add(mul(x, 1 / 3), 0.5);
  return mul(dy, where(greater(x, 3), 1, where(greater(x, -3), inner, 0)));
});

/** x where x > 0, else alpha · x. */
export function leakyRelu(x: Value, alpha = 0.01): Value {
  return x.graph.apply(LeakyRelu, [x], { alpha })[0];
}
/** x where x > 0, else slope · x; `slope` (any shape that broadcasts to x) can be learned, He et al. 2015. */
export function prelu(x: Value, slope: Value): Value {
  return x.graph.apply(PRelu, [x, slope])[0];
}
/** x where x > 0, else alpha · (eˣ − 1). */
export function elu(x: Value, alpha = 1): Value {
  return x.graph.apply(Elu, [x], { alpha })[0];
}
/** The self-normalising unit. */
export function selu(x: Value): Value {
  return x.graph.apply(Selu, [x])[0];
}
/** max(0, min(1, alpha · x + beta)). */
export function hardSigmoid(x: Value, alpha: number = 1 / 6, beta: number = 0.5): Value {
  return x.graph.apply(HardSigmoid, [x], { alpha, beta })[0];
}
/** x · hardsigmoid(x), Howard et al. 2019. */
export function hardSwish(x: Value): Value {
  return x.graph.apply(HardSwish, [x])[0];
}
