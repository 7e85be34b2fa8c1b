import { FoveaError, sizeOf, tensor } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import type { GradientContext, Operator } from "../operator.ts";
import { add, mul, neg, sub } from "./arithmetic.ts";
import { reduceSum } from "./reduction.ts";
import { reshape } from "./reshape.ts";
import { reciprocal, sqrt } from "./unary.ts";

/**
 * Inputs: x, scale γ, offset β, mean, variance. In training mode it normalises by the batch's own mean and
 * (biased) variance, and also returns `momentum · given + (1 − momentum) · batch` of both: momentum 0 gives
 * the batch's statistics themselves.
 */
export const BatchNormalization: Operator = {
  opType: "BatchNormalization",
  floats: ["epsilon", "momentum"],
  infer({ inputs: [x, , , mean, variance], attributes }) {
    const y = { dtype: x!.dtype, shape: x!.shape };
    return attributes.training_mode
      ? [y, { dtype: mean!.dtype, shape: mean!.shape }, { dtype: variance!.dtype, shape: variance!.shape }]
      : [y];
  },
  flops: ({ inputs: [x], attributes }) => (attributes.training_mode ? 5 : 2) * sizeOf(x!.dims),
  gradient: (context) =>
    context.node.attributes.training_mode ? trainingGradient(context) : inferenceGradient(context),
};

/**
 * With r = 1/√(σ² + ε), x̂ = (x − μ)·r and M elements a channel (Ioffe & Szegedy 2015):
 * dβ = Σ dy, dγ = Σ dy·x̂, dx = γ·r·(dy − dβ/M − x̂·dγ/M). The last is a·dy + b·(x − μ) + c with three
 * numbers a channel, which costs fewer passes over memory than the formula's own order. What flows into the statistics adds
 * dμ/M + 2(x − μ)·dσ²/M to dx. Sums are of x − μ: those of x would lose what matters where μ is much larger than σ.
 */
function trainingGradient(context: GradientContext): (Value | undefined)[] {
  const { node, inputs, outputs, cotangents } = context;
  const [x, scale, offset] = inputs;
  const [dy, dMean, dVariance] = cotangents;
  const { epsilon = 1e-5, momentum = 0.9 } = node.attributes as Record<string, number | undefined>;
  if (momentum !== 0 && (dMean || dVariance)) {
    throw new FoveaError(
      "no-gradient",
      `BatchNormalization (node \`${node.name}\`): the loss depends on the running statistics that it returns (momentum ${momentum}), which have no gradient; use stopGradient on them, or reduceMean.`,
    );
  }
  // Blended statistics may stand where the given ones stood: the batch's own cannot be had back from them.
  const { mean, variance } =
    momentum === 0
      ? { mean: outputs[1], variance: outputs[2] }
      : batchNormalizationTraining(x, scale, offset, epsilon);
  const axes = channelAxes(x);
  const count = sizeOf(axes.map((axis) => x.dims[axis]));
  const centred = affine(x, filled(x, 1), neg(mean));
  const statistics = throughStatistics(centred, count, { dMean, dVariance });
  if (!dy) return [statistics];

  const r = reciprocal(sqrt(add(variance, epsilon)));
  const dOffset = reduceSum(dy, axes, false);
  const dScale = mul(r, reduceSum(mul(dy, centred), axes, false));
  if (!context.wanted[0]) return [undefined, dScale, dOffset];

  const a = mul(scale, r);
  const share = mul(a, -1 / count);
  const b = mul(mul(share, r), dScale);
  const dx = add(mul(dy, perChannel(a, x)), affine(centred, b, mul(share, dOffset)));
  return [statistics ? add(dx, statistics) : dx, dScale, dOffset];
}

/** What flows back to x through the batch's own mean and variance. */
function throughStatistics(
  centred: Value,
  count: number,
  { dMean, dVariance }: Record<"dMean" | "dVariance", Value | undefined>,
): Value | undefined {
  if (!dMean && !dVariance) return undefined;
  const slope = dVariance ? mul(dVariance, 2 / count) : filled(centred, 0);
  const level = dMean ? mul(dMean, 1 / count) : filled(centred, 0);
  return affine(centred, slope, level);
}

function inferenceGradient({ node, inputs, cotangents, wanted }: GradientContext): (Value | undefined)[] {
  const [x, scale, , mean, variance] = inputs;
  const { epsilon = 1e-5 } = node.attributes as Record<string, number | undefined>;
  const r = reciprocal(sqrt(add(variance, epsilon)));
  const dy = cotangents[0]!;
  const dx = mul(dy, perChannel(mul(scale, r), x));
  if (!wanted.slice(1).some(Boolean)) return [dx];
  const axes = channelAxes(x);
  const dOffset = reduceSum(dy, axes, false);
  const centred = sub(x, perChannel(mean, x));
  const dScale = mul(r, reduceSum(mul(dy, centred), axes, false));
  const dMean = neg(mul(mul(scale, r), dOffset));
  // ∂/∂σ² of (x − μ)·r is −½·r³·(x − μ) = −½·r²·x̂
  const dVariance = mul(mul(mul(scale, dScale), mul(r, r)), -0.5);
  return [dx, dScale, dOffset, dMean, dVariance];
}

function channelAxes(x: Value): number[] {
  return x.shape.map((_, i) => i).filter((axis) => axis !== 1);
}

/** A list of one number per channel, shaped to broadcast against x. */
function perChannel(list: Value, x: Value): Value {
  return reshape(
    list,
    x.shape.map((_, i) => (i === 1 ? x.dims[1] : 1)),
  );
}

/** scale · x + offset per channel, in one pass over memory. */
function affine(x: Value, scale: Value, offset: Value): Value {
  return x.graph.apply(BatchNormalization, [x, scale, offset, filled(x, 0), filled(x, 1)], { epsilon: 0 })[0];
}

/** Normalises by given statistics: scale · (x − mean) / √(variance + ε) + offset, per channel. */
export function batchNormalization(
  x: Value,
  scale: Value,
  offset: Value,
  mean: Value,
  variance: Value,
  epsilon = 1e-5,
): Value {
  return x.graph.apply(BatchNormalization, [x, scale, offset, mean, variance], { epsilon })[0];
}

/**
 * Normalises by the batch's own statistics, and returns these too (variance biased).
 *
 * ONNX Runtime writes the statistics over the given mean and variance, and shares small constants of equal
 * content: so each call brings two constants of its own, of a content that nothing else in a graph has.
 */
export function batchNormalizationTraining(
  x: Value,
  scale: Value,
  offset: Value,
  epsilon = 1e-5,
): { y: Value; mean: Value; variance: Value } {
  const room = () => filled(x, -x.graph.unique() * 2 ** -100);
  const attributes = { epsilon, momentum: 0, training_mode: 1 };
  const [y, mean, variance] = x.graph.apply(
    BatchNormalization,
    [x, scale, offset, room(), room()],
    attributes,
  );
  return { y, mean, variance };
}

function filled(x: Value, value: number): Value {
  const channels = x.dims[1];
  return x.graph.constant(tensor(new Array(channels).fill(value), [channels], x.dtype));
}
