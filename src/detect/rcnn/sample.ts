import type { Random } from "../../core/index.ts";
import { BACKGROUND } from "./match.ts";

/** How many boxes of a picture learn. */
export interface SampleOptions {
  /** Boxes in all. */
  count: number;
  /** The largest share of boxes that stand for objects; what they leave is filled with background. */
  positiveShare: number;
}

/** Of a picture's anchors (Ren et al. 2015, §3.1.3). */
export const rpnSampling: SampleOptions = { count: 256, positiveShare: 0.5 };

/** Of a picture's proposals (Girshick 2015, §2.3: 64 of each picture; here more, as pictures come alone). */
export const headSampling: SampleOptions = { count: 128, positiveShare: 0.25 };

/** Of a picture's proposals for R-CNN: a batch has 128 in all (Girshick et al. 2014, §2.3), at least 16 a picture. */
export function rcnnSampling(pictures: number): SampleOptions {
  return { count: Math.max(16, Math.floor(128 / pictures)), positiveShare: 0.25 };
}

/** Boxes that were drawn, by rising index. */
export interface BoxSample {
  positives: Int32Array;
  negatives: Int32Array;
}

/**
 * Draws the boxes that learn: without it, the background's would be nearly all.
 *
 * @param matches what `matchBoxes` says of each box
 */
export function sampleBoxes(matches: Int32Array, options: SampleOptions, random: Random): BoxSample {
  const { count, positiveShare } = options;
  const indices = (fits: (match: number) => boolean) => {
    const found: number[] = [];
    for (let box = 0; box < matches.length; box++) if (fits(matches[box])) found.push(box);
    return found;
  };
  const positives = draw(
    indices((match) => match >= 0),
    Math.floor(count * positiveShare),
    random,
  );
  const negatives = draw(
    indices((match) => match === BACKGROUND),
    count - positives.length,
    random,
  );
  return { positives, negatives };
}

/** So many of the items at random, in their order (Fisher & Yates, the first steps of it). */
function draw(items: number[], count: number, random: Random): Int32Array {
  const wanted = Math.min(count, items.length);
  for (let i = 0; i < wanted; i++) {
    const j = i + random.integer(items.length - i);
    [items[i], items[j]] = [items[j], items[i]];
  }
  return Int32Array.from(items.slice(0, wanted)).sort();
}
