import { FoveaError } from "../../core/index.ts";
import {
  Flatten,
  Identity,
  LogSoftmax,
  NonMaxSuppression,
  orderedNodes,
  Reshape,
  Sigmoid,
  Softmax,
  Squeeze,
  type Value,
  Where,
} from "../../graph/index.ts";
import { isSized } from "../is-sized.ts";
import { findLayers } from "../layers/index.ts";
import type { InspectedNet } from "../net/index.ts";

/** The tensor that holds a net's scores of classes. */
export interface ClassScores {
  /** `[1, classes, …]`: what follows the classes are places or boxes, each with scores of its own. */
  scores: Value;
  classes: number;
  /** How a person calls such a score. */
  kind: "logit" | "score";
}

/** What passes scores on: all that lies between them and the file's output. */
const PASSES = new Set([Reshape, Flatten, Squeeze, Identity, Softmax, LogSoftmax, Sigmoid]);

/**
 * Finds where a net says how sure it is of each class, before what squeezes scores into 0…1: a classifier's logits; what
 * a detector hands to its non-maximum suppression; else the last convolution with as many channels as there are classes.
 *
 * @returns the candidates, the best first: a score may have no gradient (sorting has none)
 * @throws FoveaError `no-classes`
 */
export function findClassScores(net: InspectedNet): ClassScores[] {
  const found = [...suppressed(net), ...logits(net), ...classMaps(net)];
  if (found.length > 0) return found;
  throw new FoveaError(
    "no-classes",
    `Model \`${net.name}\` has no output [1, classes]${net.unreadable ? ` that can be read (${net.unreadable.replace(/\.$/, "")})` : ""}; name a layer's unit instead, for example --unit LAYER/0.`,
  );
}

function logits({ outputs, classes, unreadable }: InspectedNet): ClassScores[] {
  if (unreadable && !classes) return []; // what is an output then was none of the file's
  return Object.values(outputs).flatMap((output): ClassScores[] => {
    let at = output;
    let kind: ClassScores["kind"] = "logit";
    let best: Value | undefined = isScores(at) ? at : undefined;
    while (at.producer && PASSES.has(at.producer.operator)) {
      at = at.producer.inputs[0]!;
      if (isScores(at)) best = at;
      else break;
    }
    if (!best) return [];
    const count = best.dims[1];
    if (classes && classes.length !== count) return [];
    if (best.producer?.operator === Softmax) kind = "score";
    return [{ scores: best, classes: count, kind }];
  });
}

/** `[1, classes]`, or maps of one place each. */
function isScores({ shape, dtype }: Value): boolean {
  const [n, count, ...places] = shape;
  return dtype === "float32" && n === 1 && Number(count) > 1 && places.every((size) => size === 1);
}

/** What a detector hands to non-maximum suppression: `[1, classes, boxes]`. */
function suppressed({ outputs }: InspectedNet): ClassScores[] {
  return orderedNodes(Object.values(outputs)).flatMap((node): ClassScores[] => {
    if (node.operator !== NonMaxSuppression) return [];
    let scores = node.inputs[1]!;
    if (scores.producer?.operator === Where) scores = scores.producer.inputs[1]!;
    if (scores.rank !== 3 || !isSized(scores)) return [];
    return [{ scores, classes: scores.dims[1], kind: "score" }];
  });
}

/** The last map with a channel for each class. */
function classMaps(net: InspectedNet): ClassScores[] {
  const { classes } = net;
  if (!classes) return [];
  const maps = findLayers(net).filter(
    ({ units, width, height }) => units === classes.length && width * height > 1,
  );
  return maps.slice(-1).map(({ output }) => {
    const isSure = output.producer?.operator === Sigmoid;
    return {
      scores: isSure ? output.producer!.inputs[0]! : output,
      classes: classes.length,
      kind: "logit" as const,
    };
  });
}
