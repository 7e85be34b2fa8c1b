import {
  abs,
  add,
  cast,
  concat,
  div,
  matmul,
  maximum,
  mul,
  neg,
  reduceSum,
  relu,
  reshape,
  sigmoid,
  sub,
  type Value,
} from "../../graph/index.ts";
import { binaryCrossEntropy, constant, type Scope } from "../../nn/index.ts";
import { pairMasks } from "./distances.ts";

/** What a head compares two encodings by: |fₖ(a) − fₖ(b)|, or χ²: (fₖ(a) − fₖ(b))² / (fₖ(a) + fₖ(b)). */
export type BinaryForm = "difference" | "chi2";

/** How a head is made. */
export interface BinaryHead {
  form: BinaryForm;
  /**
   * Whether each number is taken as two, max(f, 0) and max(−f, 0), one of which is 0 (CReLU, Shang et al. 2016): χ² asks
   * for numbers that are not negative.
   */
  split: boolean;
  /** What the comparisons are multiplied by, so that those of two people are about 1. */
  scale: number;
}

/** Keeps χ² finite where both numbers are 0. */
const EPSILON = 1e-8;

/** Sum of the weights before training, and the bias: two people, whose comparisons are about 1, come out below ½. */
const FIRST_SUM = -4;
const FIRST_BIAS = 3;

/**
 * Logits z of two encodings being of one person, ŷ = σ(z): z = Σₖ wₖ·cₖ + b over comparisons c.
 * @param a `[…, D]`, of a shape that broadcasts with that of b
 * @returns `[rows]`, the leading dimensions as one
 */
export function headLogits(scope: Scope, a: Value, b: Value, head: BinaryHead): Value {
  const compared = mul(comparisons(a, b, head), head.scale);
  const features = compared.shape.at(-1) as number;
  const weight = scope.parameter("weight", [features, 1], constant(FIRST_SUM / features));
  const bias = scope.parameter("bias", [1], constant(FIRST_BIAS), "gain");
  return reshape(add(matmul(reshape(compared, [-1, features]), weight), bias), [-1]);
}

/** The comparisons by which a head judges, without their scale. */
export function comparisons(a: Value, b: Value, { form, split }: Omit<BinaryHead, "scale">): Value {
  const [x, y] = split ? [splitSigns(a), splitSigns(b)] : [a, b];
  const difference = sub(x, y);
  return form === "difference" ? abs(difference) : div(mul(difference, difference), add(add(x, y), EPSILON));
}

function splitSigns(x: Value): Value {
  return concat([relu(x), relu(neg(x))], x.rank - 1);
}

/**
 * By how much labels are softened (Szegedy et al. 2016, section 7): pairs that are told apart well enough stop pulling,
 * without which the few people of a small set are learned by heart.
 */
const LABEL_SMOOTHING = 0.1;

/** A head's judgement of a batch; all scalars. */
export interface BinaryLoss {
  /** Mean cross entropy, pairs of one person and pairs of two counting alike however many there are. */
  loss: Value;
  /** Mean ŷ of pairs of one person, and of two. */
  same: Value;
  different: Value;
}

/**
 * Cross entropy of all pairs of a batch, labelled 1 where they are of one person and 0 where of two.
 *
 * @param encodings `[B, D]`
 * @param people each picture's person, int32 `[B]`: two or more people, at least one of them twice
 */
export function binaryLoss(scope: Scope, encodings: Value, people: Value, head: BinaryHead): BinaryLoss {
  const [count, size] = encodings.dims;
  const a = reshape(encodings, [count, 1, size]);
  const b = reshape(encodings, [1, count, size]);
  const logits = headLogits(scope, a, b, head); // [B · B]
  const flat = (mask: Value) => reshape(cast(mask, "float32"), [count * count]);
  const { positives, negatives } = pairMasks(people);
  const [ofOne, ofTwo] = [flat(positives), flat(negatives)];
  const mean = (x: Value, mask: Value) => {
    const masked = reduceSum(mul(x, mask), undefined, false);
    return div(masked, maximum(reduceSum(mask, undefined, false), 1));
  };
  const labels = add(mul(ofOne, 1 - 2 * LABEL_SMOOTHING), LABEL_SMOOTHING);
  const losses = binaryCrossEntropy(logits, labels);
  const probabilities = sigmoid(logits);
  return {
    loss: mul(add(mean(losses, ofOne), mean(losses, ofTwo)), 0.5),
    same: mean(probabilities, ofOne),
    different: mean(probabilities, ofTwo),
  };
}
