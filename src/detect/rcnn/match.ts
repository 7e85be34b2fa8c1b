import { type FlatBoxes, iouMatrix } from "../../geometry/index.ts";

/** Which object a box stands for. */
export interface MatchOptions {
  /** A box whose best IoU is at least this is that object's. */
  high: number;
  /** A box whose best IoU is below this is background; between the two it is neither. */
  low: number;
  /**
   * Whether the boxes that overlap some object most stand for an object however little they overlap: for the one that
   * each of them overlaps most. Few objects go without then.
   */
  allowLowQuality?: boolean;
}

/** Instead of an object: the box is background. */
export const BACKGROUND = -1;

/** Instead of an object: the box is neither one's nor background, and learns nothing. */
export const BETWEEN = -2;

/** Of anchors (Ren et al. 2015, §3.1.2). */
export const rpnMatching: MatchOptions = { high: 0.7, low: 0.3, allowLowQuality: true };

/** Of proposals (Girshick 2015, §2.3). */
export const headMatching: MatchOptions = { high: 0.5, low: 0.5 };

/**
 * The object that each box stands for, by IoU; of equal ones the first.
 *
 * @param boxes corners `[N, 4]`: anchors or proposals
 * @param objects corners `[M, 4]`; without any all boxes are background
 * @returns for each box the index of its object, {@link BACKGROUND} or {@link BETWEEN}
 */
export function matchBoxes(boxes: FlatBoxes, objects: FlatBoxes, options: MatchOptions): Int32Array {
  const { high, low, allowLowQuality = false } = options;
  const [count, objectCount] = [boxes.length / 4, objects.length / 4];
  const overlaps = iouMatrix(objects, boxes);
  const matches = new Int32Array(count);
  const favourites = new Int32Array(count);
  for (let box = 0; box < count; box++) {
    let [best, object] = [0, 0];
    for (let i = 0; i < objectCount; i++) {
      const overlap = overlaps[i * count + box];
      if (overlap > best) [best, object] = [overlap, i];
    }
    favourites[box] = object;
    matches[box] = best >= high && best > 0 ? object : best < low || best === 0 ? BACKGROUND : BETWEEN;
  }
  if (allowLowQuality) keepBestBoxes(overlaps, matches, favourites, objectCount);
  return matches;
}

/** The boxes that overlap an object most, all where several do equally, stand for the object that they overlap most. */
function keepBestBoxes(
  overlaps: Float64Array,
  matches: Int32Array,
  favourites: Int32Array,
  objectCount: number,
): void {
  const count = matches.length;
  for (let object = 0; object < objectCount; object++) {
    const row = overlaps.subarray(object * count, (object + 1) * count);
    const best = row.reduce((a, b) => Math.max(a, b), 0);
    if (best === 0) continue; // no box touches it
    for (let box = 0; box < count; box++) if (row[box] === best) matches[box] = favourites[box];
  }
}
