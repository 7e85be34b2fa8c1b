import type { PointBatch, PointSample } from "../data/index.ts";
import { boxAround, type Xyxy } from "../geometry/index.ts";
import {
  type ContactTile,
  contactSheet,
  cropPicture,
  decodePicture,
  drawPoints,
  type Picture,
  type PointsMark,
  resizePicture,
} from "../image/index.ts";
import type { LandmarkEvaluation } from "./evaluate.ts";
import type { PointScheme } from "./point-schemes.ts";
import { regionAround } from "./regions.ts";

/** Pictures that a sheet shows, and their side in pixels. */
const [SHOWN, TILE] = [12, 256];

/** Pictures of a training batch that are shown. */
const SHOWN_IN_BATCH = 16;

/** What is seen around the points, in parts of their box's longer side. */
const SURROUNDINGS = 0.25;

const [TRUTH_COLOR, ANSWER_COLOR] = ["#ffffff", "#ff2d78"];

type Located = LandmarkEvaluation["located"][number];

/** Things from all over the list. */
export function typicalOf(located: readonly Located[]): Located[] {
  const step = Math.max(1, Math.floor(located.length / SHOWN));
  return located.filter((_, i) => i % step === 0).slice(0, SHOWN);
}

/** Those with the largest errors, the worst first. */
export function worstOf({ located, errors }: LandmarkEvaluation): Located[] {
  const error = new Map(errors.map((each) => [each.id, each.error]));
  return [...located].sort((a, b) => error.get(b.id)! - error.get(a.id)!).slice(0, SHOWN);
}

/** Things with their true points and those that were found, and the mean error of each. */
export async function locatedSheet(
  located: readonly Located[],
  samples: readonly PointSample[],
  { errors }: Pick<LandmarkEvaluation, "errors">,
  { lines }: PointScheme,
): Promise<Picture | undefined> {
  const byId = new Map(samples.map((sample) => [sample.id, sample]));
  const errorOf = new Map(errors.map(({ id, error }) => [id, error]));
  const tiles: ContactTile[] = [];
  for (const { id, truth, answer = [] } of located) {
    const whole = await decodePicture(byId.get(id)!.path);
    const box = regionAround(boxAround([...truth, ...answer]), SURROUNDINGS);
    const { picture, place } = await enlarged(whole, box);
    const marks = [
      markOf(
        truth.map((point) => point && place(point)),
        lines,
        TRUTH_COLOR,
      ),
      markOf(answer.map(place), lines, ANSWER_COLOR),
    ].filter(({ points }) => points.length > 0);
    const error = errorOf.get(id)!;
    const measured = Number.isFinite(error) ? `${(100 * error).toFixed(1)} %` : "not found";
    tiles.push({ picture: await drawPoints(picture, marks), caption: `${measured}  ${id}` });
  }
  return tiles.length ? contactSheet(tiles, { columns: 4, tileWidth: TILE, tileHeight: TILE }) : undefined;
}

/** The first pictures of a training batch with their points. */
export async function pointBatchSheet(batch: PointBatch, { lines }: PointScheme): Promise<Picture> {
  const [, , side] = batch.pictures.shape;
  const [, count] = batch.visible.shape;
  const tiles = batch.ids.slice(0, SHOWN_IN_BATCH).map(async (caption, slot) => {
    const { picture, place } = await enlarged(pictureOf(batch, slot), [0, 0, side, side]);
    const points = Array.from({ length: count }, (_, i): [number, number] | undefined => {
      const at = slot * count + i;
      if (!batch.visible.data[at]) return undefined;
      return place([Number(batch.points.data[2 * at]) * side, Number(batch.points.data[2 * at + 1]) * side]);
    });
    const mark = markOf(points, lines, ANSWER_COLOR);
    return { picture: mark.points.length ? await drawPoints(picture, [mark]) : picture, caption };
  });
  return contactSheet(await Promise.all(tiles), { columns: 4, tileWidth: TILE, tileHeight: TILE });
}

/** The part of a picture in a box, as large as a tile, and where its points go. */
async function enlarged(
  whole: Picture,
  box: Xyxy,
): Promise<{ picture: Picture; place: (point: readonly [number, number]) => [number, number] }> {
  const part = cropPicture(whole, box);
  const [left, top] = [Math.max(0, Math.floor(box[0])), Math.max(0, Math.floor(box[1]))];
  const scale = TILE / Math.max(part.width, part.height);
  const size = [part.width, part.height].map((length) => Math.max(1, Math.round(length * scale)));
  const picture = await resizePicture(part, size[0], size[1]);
  return { picture, place: ([x, y]) => [(x - left) * scale, (y - top) * scale] };
}

/** The points that there are, and the lines between these. */
function markOf(
  points: readonly (readonly [number, number] | undefined)[],
  lines: readonly (readonly [number, number])[],
  color: string,
): PointsMark {
  const kept = points.flatMap((point, i) => (point ? [i] : []));
  const places = new Map(kept.map((i, place) => [i, place]));
  return {
    points: kept.map((i) => points[i]!),
    lines: lines
      .filter((ends) => ends.every((end) => places.has(end)))
      .map(([from, to]) => [places.get(from)!, places.get(to)!] as const),
    color,
  };
}

/** One picture of a batch, interleaved. */
function pictureOf({ pictures }: PointBatch, slot: number): Picture {
  const [, , height, width] = pictures.shape;
  const plane = height * width;
  const from = (pictures.data as Uint8Array).subarray(3 * slot * plane);
  const data = new Uint8Array(3 * plane);
  for (let i = 0; i < data.length; i++) data[i] = from[(i % 3) * plane + Math.floor(i / 3)];
  return { width, height, data };
}
