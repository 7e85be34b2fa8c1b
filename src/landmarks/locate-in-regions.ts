import type { Tensor } from "../core/index.ts";
import { clipBox, type Xyxy } from "../geometry/index.ts";
import { cropPicture, type Picture } from "../image/index.ts";
import type { Program } from "../runtime/index.ts";
import type { Landmarks } from "./landmarker.ts";
import type { LandmarkCard } from "./model-card.ts";
import { boxOfPicture, boxOfPoints, longerSide, regionAround, USUAL_MARGIN } from "./regions.ts";

/**
 * Looks that follow the first one, each at the box of the points found, drawn out by this share towards the first box: what
 * the first look at a whole picture says is rough.
 */
const [AFTER_PICTURE, AFTER_BOX] = [
  [0.5, 0.15, 0],
  [0.15, 0],
];

/** What is cut out besides a region, in pixels, for the sampling at its edges. */
const RIM = 2;

/** Found points that fill less of what was looked at, some pixels of the net's input, are a spot. */
const LEAST_SHARE = 0.02;

/** A point is worth looking around if it is there with this probability. */
const LEAST_SCORE = 0.5;

/** The points in the regions around boxes, or in the whole picture. */
export async function locateInRegions(
  program: Program,
  { margin = USUAL_MARGIN, ownBoxes = false }: LandmarkCard,
  picture: Picture,
  boxes?: readonly Xyxy[],
): Promise<(Landmarks | undefined)[]> {
  const given = boxes ?? [boxOfPicture(picture, margin)];
  const shares = ownBoxes ? (boxes ? AFTER_BOX : AFTER_PICTURE) : [];
  const found: (Landmarks | undefined)[] = [];
  for (const box of given) {
    let landmarks = await look(program, margin, picture, box);
    for (const share of shares) {
      const own = landmarks && boxOfPoints(pointsThere(landmarks), LEAST_SHARE * longerSide(box));
      if (!own) break; // one point, or points in one spot, are no place to look at more closely
      const next = drawOut(own, box, share);
      landmarks = (await look(program, margin, picture, next)) ?? landmarks;
    }
    found.push(landmarks);
  }
  return found;
}

/** One look at the region around a box; undefined where it has no pixel in the picture. */
async function look(
  program: Program,
  margin: number,
  picture: Picture,
  box: Xyxy,
): Promise<Landmarks | undefined> {
  const [left, top, right, bottom] = regionAround(box, margin);
  const seen = clipBox([left - RIM, top - RIM, right + RIM, bottom + RIM], picture.width, picture.height);
  const origin = [Math.floor(seen[0]), Math.floor(seen[1])];
  if (!(seen[2] - origin[0] >= 1 && seen[3] - origin[1] >= 1)) return undefined;
  const { width, height, data } = cropPicture(picture, seen);
  const corners = Float32Array.from(box, (corner, i) => corner - origin[i % 2]);
  const image: Tensor = { dtype: "uint8", shape: [height, width, 3], data };
  const results = await program.run({ image, box: { dtype: "float32", shape: [4], data: corners } });
  const points = results.points.data as Float32Array;
  return {
    points: Array.from({ length: points.length / 2 }, (_, i) => {
      return [points[2 * i] + origin[0], points[2 * i + 1] + origin[1]];
    }),
    scores: Array.from(results.scores.data as Float32Array),
    presence: results.presence.data[0] as number,
  };
}

/** A box with each side moved by a share of the way to another one's. */
function drawOut(box: Xyxy, towards: Xyxy, share: number): Xyxy {
  return box.map((side, i) => side + share * (towards[i] - side)) as unknown as Xyxy;
}

/** The points that are there; all of them, where that are fewer than two. */
function pointsThere({ points, scores = [] }: Landmarks): Landmarks["points"] {
  const sure = points.filter((_, i) => scores[i] >= LEAST_SCORE);
  return sure.length > 1 ? sure : points;
}
