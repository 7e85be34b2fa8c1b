import { join } from "node:path";
import { type CoveredObject, drawBlobs, type Proposals } from "../../detect/index.ts";
import {
  classColor,
  type DetectionMark,
  drawDetections,
  type Picture,
  savePicture,
} from "../../image/index.ts";
import { nameDrawings } from "../picture-files.ts";

/** Where a picture's drawings go. */
export interface Drawings {
  drawnBlobs: string;
  drawnRegions: string;
}

/** Names of the drawings of files in two folders of `out`. @throws as `nameDrawings` */
export function nameProposalDrawings(files: readonly string[], out: string): Map<string, Drawings> {
  const regions = nameDrawings(files, join(out, "regions"), out);
  const blobs = nameDrawings(files, join(out, "blobs"), out);
  return new Map(
    files.map((file) => [file, { drawnBlobs: blobs.get(file)!, drawnRegions: regions.get(file)! }]),
  );
}

/** An object, and the name of its class. */
export interface NamedObject extends CoveredObject {
  label: string;
}

/** Draws the blobs, and the regions that cover the objects best; without labels the first `show` ones. */
export async function saveProposalDrawings(
  picture: Picture,
  { boxes, blobs }: Proposals,
  objects: readonly NamedObject[] | undefined,
  show: number,
  { drawnBlobs, drawnRegions }: Drawings,
): Promise<void> {
  const marks = objects ? objects.flatMap((object) => objectMarks(object, boxes)) : firstMarks(boxes, show);
  await savePicture(drawBlobs(picture, blobs), drawnBlobs);
  await savePicture(await drawDetections(picture, marks), drawnRegions);
}

/** The best region with its overlap, and the object's own box, dashed. */
function objectMarks(
  { classIndex, label, box, overlap, proposal }: NamedObject,
  boxes: Float32Array,
): DetectionMark[] {
  const truth: DetectionMark = { box, color: "#ffffff", dashed: true };
  if (proposal < 0) return [truth];
  return [
    {
      box: cornersOf(boxes, proposal),
      label: `${label} ${overlap.toFixed(2)}`,
      color: classColor(classIndex),
    },
    truth,
  ];
}

function firstMarks(boxes: Float32Array, show: number): DetectionMark[] {
  return Array.from({ length: Math.min(show, boxes.length / 4) }, (_, i) => ({
    box: cornersOf(boxes, i),
    color: classColor(i),
  }));
}

function cornersOf(boxes: Float32Array, i: number): [number, number, number, number] {
  return [boxes[4 * i], boxes[4 * i + 1], boxes[4 * i + 2], boxes[4 * i + 3]];
}
