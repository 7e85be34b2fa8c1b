import type { LabelledBox } from "../data/index.ts";
import { iou, type Xyxy } from "../geometry/index.ts";
import { liesInCrowd } from "./confusion.ts";
import {
  type DetectedPicture,
  type DetectedPictures,
  requireThreshold,
  requireValid,
  type ScoredBox,
} from "./detected-pictures.ts";

/** From this IoU on a detection finds an object. */
const FOUND = 0.5;
/** Below this IoU a detection has nothing to do with an object. */
const APART = 0.1;

/**
 * What is wrong: a detection that no object answers (`background`: there may be an object that nobody labelled), one whose box
 * is off (`localization`), one of another class (`classification`), of another class with a box that is off (`both`), a
 * second one of an object (`duplicate`), or an object that is not found (`missed`).
 */
export type DetectionErrorKind = (typeof detectionErrorKinds)[number];
export const detectionErrorKinds = [
  "background",
  "localization",
  "classification",
  "both",
  "duplicate",
  "missed",
] as const;

/** One error. */
export interface DetectionError {
  kind: DetectionErrorKind;
  /** Name of the picture. */
  picture: string;
  /** The detection's class, or the missed object's. */
  classIndex: number;
  /** The detection's, or the missed object's; corners in pixels. */
  box: Xyxy;
  /** The detection's; of a missed object that of its best detection below the threshold, 0 without any. */
  score: number;
  /** The largest IoU with an object, or of the missed object with a detection of its class below the threshold; in [0, 1]. */
  iou: number;
}

/**
 * What a detector does wrong at a score threshold, the surest detections first, the missed objects after them, those first that
 * come nearest to being found. The kinds are those of Bolya et al. 2020 (TIDE), with its IoUs of .5 and .1: a detection takes
 * the free object of its class with the highest IoU of .5 or more, the surest first; an object that a detection of another
 * class, or with a box that is off, belongs to is not missed besides. Crowds, and detections within them, do not count.
 *
 * @throws FoveaError `class-index`, `box-invalid`, `detection-score`, `argument-range`
 */
export function detectionErrors(input: DetectedPictures, scoreThreshold = 0.5): DetectionError[] {
  requireValid(input);
  requireThreshold("detectionErrors", "scoreThreshold", scoreThreshold);
  const errors = input.pictures.flatMap((picture) => errorsOf(picture, scoreThreshold));
  const rank = ({ kind }: DetectionError) => Number(kind === "missed");
  return errors.sort((a, b) => rank(a) - rank(b) || b.score - a.score);
}

function errorsOf(picture: DetectedPicture, scoreThreshold: number): DetectionError[] {
  const { id, boxes, detections } = picture;
  const objects = boxes.filter(({ crowd }) => !crowd);
  const [sure, unsure] = [true, false].map((isSure) =>
    detections.filter(({ score }) => score >= scoreThreshold === isSure).sort((a, b) => b.score - a.score),
  );
  const found = new Set<LabelledBox>();
  const errors: DetectionError[] = [];
  const wrong = sure.filter((detection) => {
    const object = nearest(
      detection,
      objects.filter((each) => isOf(detection, each) && !found.has(each)),
    );
    if (!object || object.overlap < FOUND) return true;
    found.add(object.thing);
    return false;
  });
  const explained = new Set<LabelledBox>();
  for (const detection of wrong) {
    if (liesInCrowd(detection, picture, FOUND)) continue;
    const { kind, object, overlap } = explain(detection, objects);
    if (object && kind !== "duplicate") explained.add(object);
    const { classIndex, box, score } = detection;
    errors.push({ kind, picture: id, classIndex, box, score, iou: overlap });
  }
  for (const object of objects) {
    if (found.has(object) || explained.has(object)) continue;
    const best = unsure.find((each) => isOf(each, object) && iou(each.box, object.box) >= FOUND);
    const { classIndex, box } = object;
    const overlap = best ? iou(best.box, box) : 0;
    errors.push({ kind: "missed", picture: id, classIndex, box, score: best?.score ?? 0, iou: overlap });
  }
  return errors;
}

/** Why a detection is wrong, and of which object. */
function explain(
  detection: ScoredBox,
  objects: readonly LabelledBox[],
): { kind: DetectionErrorKind; object?: LabelledBox; overlap: number } {
  const own = nearest(
    detection,
    objects.filter((object) => isOf(detection, object)),
  );
  const other = nearest(
    detection,
    objects.filter((object) => !isOf(detection, object)),
  );
  const of = (kind: DetectionErrorKind, by: typeof own) => ({
    kind,
    object: by!.thing,
    overlap: by!.overlap,
  });
  const [ownIou, otherIou] = [own?.overlap ?? 0, other?.overlap ?? 0];
  if (ownIou >= FOUND) return of("duplicate", own);
  if (otherIou >= FOUND) return of("classification", other);
  if (ownIou >= APART) return of("localization", own);
  if (otherIou >= APART) return of("both", other);
  return { kind: "background", overlap: Math.max(ownIou, otherIou) };
}

function isOf(a: { classIndex: number }, b: { classIndex: number }): boolean {
  return a.classIndex === b.classIndex;
}

function nearest(
  { box }: ScoredBox,
  objects: readonly LabelledBox[],
): { thing: LabelledBox; overlap: number } | undefined {
  let best: { thing: LabelledBox; overlap: number } | undefined;
  for (const thing of objects) {
    const overlap = iou(box, thing.box);
    if (!best || overlap > best.overlap) best = { thing, overlap };
  }
  return best;
}
