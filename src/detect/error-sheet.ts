import type { DetectionSample } from "../data/index.ts";
import type { Xyxy } from "../geometry/index.ts";
import {
  classColor,
  contactSheet,
  cropPicture,
  type DetectionMark,
  drawDetections,
  type Picture,
  PictureMemory,
  resizePicture,
} from "../image/index.ts";
import type { DetectedPicture, DetectionError } from "../metrics/index.ts";

/** Errors that a sheet shows. */
const SHOWN = 24;
/** Size of a tile, in pixels. */
const TILE = 200;
/** Least side of what a tile shows of the picture, in its pixels, and how much more than the box it is. */
const [LEAST_VIEW, CONTEXT] = [48, 2.5];
/** Pictures that are kept, as one often has several errors. */
const MEMORY_BYTES = 256e6;
/** Colour of labels: none of the classes'. */
const LABEL_COLOR = "#ffffff";

/** Errors, the first ones of a list, each in its surroundings: its box with a line, what is labelled there with dashes. */
export async function errorSheet(
  errors: readonly DetectionError[],
  pictures: readonly DetectedPicture[],
  samples: readonly DetectionSample[],
  classes: readonly string[],
): Promise<Picture | undefined> {
  const paths = new Map(samples.map(({ id, path }) => [id, path]));
  const labels = new Map(pictures.map(({ id, boxes }) => [id, boxes]));
  const memory = new PictureMemory(MEMORY_BYTES);
  const tiles = [];
  for (const { picture: id, classIndex, box, score, kind } of errors.slice(0, SHOWN)) {
    const picture = await memory.get(id, () => paths.get(id)!);
    const view = around(box, picture);
    const scale = TILE / (view[2] - view[0]);
    const within = (each: Xyxy): Xyxy =>
      each.map((corner, i) => (corner - view[i % 2]) * scale) as unknown as Xyxy;
    const marks: DetectionMark[] = [
      { box: within(box), color: classColor(classIndex) },
      ...labels.get(id)!.map((label) => ({ box: within(label.box), color: LABEL_COLOR, dashed: true })),
    ];
    const height = Math.max(1, Math.round((view[3] - view[1]) * scale));
    const tile = await resizePicture(cropPicture(picture, view), TILE, height);
    const sure = kind === "missed" ? "" : ` ${score.toFixed(2)}`;
    tiles.push({
      picture: await drawDetections(tile, marks, { lineWidth: 2 }),
      caption: `${classes[classIndex]}${sure}  ${id.slice(id.lastIndexOf("/") + 1)}`,
    });
  }
  return tiles.length ? contactSheet(tiles, { columns: 6, tileWidth: TILE, tileHeight: TILE }) : undefined;
}

/** What is shown around a box: a square of whole pixels within the picture, as far as that is large enough. */
function around([x1, y1, x2, y2]: Xyxy, { width, height }: Picture): Xyxy {
  const side = Math.ceil(Math.max(LEAST_VIEW, CONTEXT * Math.max(x2 - x1, y2 - y1)));
  const [w, h] = [Math.min(side, width), Math.min(side, height)];
  const clamp = (start: number, most: number) => Math.round(Math.min(Math.max(0, start), most));
  const left = clamp((x1 + x2 - w) / 2, width - w);
  const top = clamp((y1 + y2 - h) / 2, height - h);
  return [left, top, left + w, top + h];
}
