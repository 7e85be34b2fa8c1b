import { FoveaError } from "../core/index.ts";
import type { CocoDetection, CocoGroundTruth, CocoId } from "./coco-types.ts";

/** Boxes grouped by class, and within a class by image; within an image in the order of the input. */
export interface GroupedBoxes {
  /** Position of the first box of each class, and at the end the number of boxes, [K + 1]. */
  classStarts: Int32Array;
  /** Place of the box's image in the evaluation's order, [N]. */
  images: Int32Array;
  /** `[x, y, width, height]`, [N, 4]. */
  boxes: Float64Array;
  /** Index of the box in the input, [N]. */
  sources: Int32Array;
}

/** Ground truth and detections, grouped alike. */
export interface CocoGroups {
  truth: GroupedBoxes;
  detections: GroupedBoxes;
}

/**
 * Sorts ground truth and detections by class and image, images by ascending id. Boxes of a category that is
 * not listed are left out.
 *
 * @throws FoveaError `coco-invalid` if two categories have one id, `coco-image-unknown` if a box names an image that is
 *   not listed, `coco-score` if a score is not a number
 */
export function groupCoco(truth: CocoGroundTruth, detections: readonly CocoDetection[]): CocoGroups {
  const imageIds = [...new Set(truth.images)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const images = new Map(imageIds.map((id, i) => [id, i]));
  const categories = new Map(truth.categories.map(({ id }, i) => [id, i]));
  if (categories.size < truth.categories.length) {
    const twice = truth.categories.find(({ id }, i) => categories.get(id) !== i)!;
    throw new FoveaError(
      "coco-invalid",
      `The ground truth lists category ${JSON.stringify(twice.id)} more than once ("${twice.name}" is one of them): give each an id of its own.`,
    );
  }
  const bad = detections.findIndex(({ score }) => Number.isNaN(score));
  if (bad >= 0) {
    throw new FoveaError(
      "coco-score",
      `The score of detection ${bad} is not a number; leave it out or give one.`,
    );
  }
  return {
    truth: group("annotation", truth.annotations, images, categories),
    detections: group("detection", detections, images, categories),
  };
}

/** What annotations and detections have in common. */
type PlacedBox = Pick<CocoDetection, "imageId" | "categoryId" | "bbox">;

function group(
  kind: "annotation" | "detection",
  items: readonly PlacedBox[],
  imagePlaces: ReadonlyMap<CocoId, number>,
  categoryPlaces: ReadonlyMap<CocoId, number>,
): GroupedBoxes {
  const imageOf = new Int32Array(items.length);
  const classOf = new Int32Array(items.length);
  const known: number[] = [];
  for (let i = 0; i < items.length; i++) {
    const image = imagePlaces.get(items[i].imageId);
    if (image === undefined) {
      throw new FoveaError(
        "coco-image-unknown",
        `The ${kind} ${i} belongs to image ${JSON.stringify(items[i].imageId)}, which the ground truth does not list.`,
      );
    }
    const category = categoryPlaces.get(items[i].categoryId);
    if (category === undefined) continue;
    imageOf[i] = image;
    classOf[i] = category;
    known.push(i);
  }
  const byImage = countingSort(Int32Array.from(known), imageOf, imagePlaces.size).order;
  const { order, starts } = countingSort(byImage, classOf, categoryPlaces.size);
  const boxes = new Float64Array(4 * order.length);
  for (let i = 0; i < order.length; i++) boxes.set(items[order[i]].bbox, 4 * i);
  return { classStarts: starts, images: order.map((source) => imageOf[source]), boxes, sources: order };
}

/** Sorts by a key in [0, keyCount), equal keys in the order given; `starts` is where each key begins. */
function countingSort(
  given: Int32Array,
  keys: Int32Array,
  keyCount: number,
): { order: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(keyCount + 1);
  for (const item of given) starts[keys[item] + 1]++;
  for (let key = 0; key < keyCount; key++) starts[key + 1] += starts[key];
  const next = starts.slice();
  const order = new Int32Array(given.length);
  for (const item of given) order[next[keys[item]]++] = item;
  return { order, starts };
}
