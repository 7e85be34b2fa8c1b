import { FoveaError, tensor } from "../../core/index.ts";
import type { FlatBoxes } from "../../geometry/index.ts";
import { add, concat, div, exp, log, minimum, mul, slice, sub, type Value } from "../../graph/index.ts";

/** Factors of a code's four numbers: they bring all to about the same size, for one learning rate. */
export type BoxWeights = readonly [x: number, y: number, width: number, height: number];

/** Of the region proposal net's codes, relative to anchors. */
export const rpnWeights: BoxWeights = [1, 1, 1, 1];

/** Of the heads' codes, relative to proposals: the inverse of the usual deviations 0.1, 0.1, 0.2 and 0.2. */
export const headWeights: BoxWeights = [10, 10, 5, 5];

/** The largest logarithm of a size's factor that is decoded: a box of 16 pixels does not become more than 1,000. */
export const LARGEST_LOG_FACTOR: number = Math.log(1_000 / 16);

/**
 * Codes of boxes relative to reference boxes (Girshick et al. 2014, appendix C): the centre's way in the reference's
 * sizes, and the logarithms of the sizes' factors, each times its weight.
 *
 * @param boxes corners `[N, 4]`
 * @param references corners `[N, 4]`, of positive size
 * @returns codes `[N, 4]`
 * @throws FoveaError `boxes-length` where the lengths differ
 */
export function encodeBoxes(boxes: FlatBoxes, references: FlatBoxes, weights: BoxWeights): Float32Array {
  if (boxes.length !== references.length || boxes.length % 4 !== 0) {
    throw new FoveaError(
      "boxes-length",
      `encodeBoxes: \`boxes\` has ${boxes.length} numbers and \`references\` ${references.length}; give four a box to each.`,
    );
  }
  const codes = new Float32Array(boxes.length);
  for (let i = 0; i < boxes.length; i += 4) {
    for (let axis = 0; axis < 2; axis++) {
      const size = boxes[i + 2 + axis] - boxes[i + axis];
      const reference = references[i + 2 + axis] - references[i + axis];
      const way = boxes[i + axis] + size / 2 - (references[i + axis] + reference / 2);
      codes[i + axis] = (weights[axis] * way) / reference;
      codes[i + 2 + axis] = weights[2 + axis] * Math.log(size / reference);
    }
  }
  return codes;
}

/** {@link encodeBoxes} as nodes: boxes and references `[…, 4]`, codes of the broadcast shape. */
export function encodeInGraph(boxes: Value, references: Value, weights: BoxWeights): Value {
  const [target, reference] = [centreAndSize(boxes), centreAndSize(references)];
  const ways = div(sub(target.centre, reference.centre), reference.size);
  const factors = log(div(target.size, reference.size));
  return mul(concat([ways, factors], boxes.rank - 1), weightTensor(boxes, weights));
}

/**
 * The boxes that codes stand for, as nodes: codes and references `[…, 4]`, corners of the broadcast shape. The inverse of
 * {@link encodeInGraph} but for factors that are too large.
 */
export function decodeInGraph(codes: Value, references: Value, weights: BoxWeights): Value {
  const axis = codes.rank - 1;
  const { centre, size } = centreAndSize(references);
  const plain = div(codes, weightTensor(codes, weights));
  const middle = add(centre, mul(slice(plain, axis, 0, 2), size));
  const half = mul(mul(exp(minimum(slice(plain, axis, 2, 4), LARGEST_LOG_FACTOR)), size), 0.5);
  return concat([sub(middle, half), add(middle, half)], axis);
}

/** Centre and size `[…, 2]` of corners `[…, 4]`. */
function centreAndSize(boxes: Value): { centre: Value; size: Value } {
  const axis = boxes.rank - 1;
  const low = slice(boxes, axis, 0, 2);
  const size = sub(slice(boxes, axis, 2, 4), low);
  return { centre: add(low, mul(size, 0.5)), size };
}

function weightTensor({ graph }: Value, weights: BoxWeights): Value {
  return graph.constant(tensor([...weights], [4]));
}
