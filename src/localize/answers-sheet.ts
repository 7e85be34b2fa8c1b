import type { DetectionSample } from "../data/index.ts";
import { iou, type Xyxy } from "../geometry/index.ts";
import {
  classColor,
  contactSheet,
  type DetectionMark,
  decodePicture,
  drawDetections,
  type Picture,
} from "../image/index.ts";
import type { LocalizedPicture } from "../metrics/index.ts";

/** Pictures that a sheet shows. */
const SHOWN = 12;
/** Size of a shown picture, in pixels. */
const TILE = 256;
/** Colour of the truth: none of the classes'. */
const TRUTH_COLOR = "#ffffff";
/** Overlap below which a box is a mistake. */
const RIGHT_IOU = 0.5;

/** Pictures from all over the list. */
export function typicalOf(pictures: readonly LocalizedPicture[]): LocalizedPicture[] {
  const step = Math.max(1, Math.floor(pictures.length / SHOWN));
  return pictures.filter((_, i) => i % step === 0).slice(0, SHOWN);
}

/** The answers that are wrong, the worst first. */
export function mistakesOf(pictures: readonly LocalizedPicture[]): LocalizedPicture[] {
  return pictures
    .map((picture) => ({ picture, badness: badnessOf(picture) }))
    .filter(({ badness }) => badness > 0)
    .sort((a, b) => b.badness - a.badness)
    .slice(0, SHOWN)
    .map(({ picture }) => picture);
}

/** 0 for a right answer; the surer or the farther off a wrong one is, the more. */
function badnessOf({ truth, answer }: LocalizedPicture): number {
  if (!truth) return answer.present ? answer.presence : 0;
  if (!answer.present) return 1 - answer.presence;
  const overlap = iou(truth.box, answer.box);
  const wrongClass = truth.classIndex === answer.classIndex ? 0 : 0.5;
  return wrongClass + (overlap < RIGHT_IOU ? 1 - overlap : 0);
}

/** Pictures with the truth and what was said of it. */
export async function answersSheet(
  pictures: readonly LocalizedPicture[],
  samples: readonly DetectionSample[],
  classes: readonly string[],
): Promise<Picture | undefined> {
  const byId = new Map(samples.map((sample) => [sample.id, sample]));
  const tiles = [];
  for (const { id, truth, answer } of pictures) {
    const { path, width } = byId.get(id)!;
    const picture = await decodePicture(path, { fitWithin: TILE });
    const scaled = (box: Xyxy) => box.map((x) => (x * picture.width) / width) as unknown as Xyxy;
    const marks: DetectionMark[] = [];
    if (answer.present) {
      const label = `${classes[answer.classIndex]} ${answer.presence.toFixed(2)}`;
      marks.push({ box: scaled(answer.box), label, color: classColor(answer.classIndex) });
    }
    if (truth) marks.push({ box: scaled(truth.box), color: TRUTH_COLOR, dashed: true });
    const caption = truth
      ? `${classes[truth.classIndex]}: ${answer.present ? `IoU ${iou(truth.box, answer.box).toFixed(2)}` : `missed, Pc ${answer.presence.toFixed(2)}`}`
      : `background, Pc ${answer.presence.toFixed(2)}`;
    tiles.push({ picture: await drawDetections(picture, marks), caption });
  }
  return tiles.length ? contactSheet(tiles, { columns: 4, tileWidth: TILE, tileHeight: TILE }) : undefined;
}
