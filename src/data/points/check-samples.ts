import { FoveaError, messageOf } from "../../core/index.ts";
import { clipBox, type Xyxy } from "../../geometry/index.ts";
import { type PictureSize, readPictureSize } from "../../image/index.ts";
import type { Problem } from "../dataset.ts";
import { mapParallel } from "../parallel.ts";
import type { PicturePoint, StatedPoints } from "./dataset.ts";

/** A picture's points that were checked against the picture. */
export interface CheckedPoints extends StatedPoints {
  width: number;
  height: number;
}

/** How far a point may lie outside of its picture without being worth a word. */
const TOLERANCE_PIXELS = 1;

/** Coordinate of the centre of the first pixel where coordinates are distances from the picture's corner. */
const CENTRE = 0.5;

/**
 * The samples with their pictures' sizes, each name once. Points and boxes outside of their picture are left out, pictures
 * that cannot be read are skipped; all of that becomes problems.
 */
export async function checkSamples(
  stated: readonly StatedPoints[],
  origin: number,
  problems: Problem[],
  onProgress?: (done: number, total: number) => void,
): Promise<CheckedPoints[]> {
  let done = 0;
  const sizes = new Map<string, Promise<PictureSize>>();
  const sizeOf = (path: string) => {
    if (!sizes.has(path)) sizes.set(path, readPictureSize(path));
    return sizes.get(path)!;
  };
  const checked = await mapParallel(stated, async (sample) => {
    const result = await checkSample(sample, CENTRE - origin, sizeOf);
    onProgress?.(++done, stated.length);
    return result;
  });
  for (const result of checked) for (const problem of result.problems) problems.push(problem);
  const seen = new Set<string>();
  return checked.flatMap(({ sample }) => {
    if (!sample) return [];
    if (!seen.has(sample.id)) {
      seen.add(sample.id);
      return [sample];
    }
    problems.push({
      kind: "duplicate",
      file: sample.file,
      detail: `\`${sample.id}\` is in the set twice: kept once.`,
    });
    return [];
  });
}

async function checkSample(
  sample: StatedPoints,
  shift: number,
  sizeOf: (path: string) => Promise<PictureSize>,
): Promise<{ sample?: CheckedPoints; problems: Problem[] }> {
  let size: PictureSize;
  try {
    size = await sizeOf(sample.path);
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    return { problems: [{ kind: "picture-unreadable", file: sample.path, detail: messageOf(error) }] };
  }
  const { width, height } = size;
  const problems: Problem[] = [];
  const points = sample.points.map((point, i): PicturePoint | undefined => {
    if (!point) return undefined;
    const [x, y] = [point[0] + shift, point[1] + shift];
    const beyond = Math.max(-x, -y, x - width, y - height);
    if (beyond <= TOLERANCE_PIXELS) return [x, y];
    const detail = `Point ${i + 1} (${point.join(", ")}) of \`${sample.id}\` is outside the picture of ${width}×${height}: left out.`;
    problems.push({ kind: "point-outside", file: sample.file, detail });
    return undefined;
  });
  const wasThere = sample.points.some((point) => point !== undefined);
  if (wasThere && points.every((point) => point === undefined)) {
    const detail = `\`${sample.id}\` has no point within its picture, which is not the same as nothing there: skipped.`;
    problems.push({ kind: "annotation-unreadable", file: sample.file, detail });
    return { problems };
  }
  const report = (kind: Problem["kind"], what: string) => {
    const detail = `The box (${sample.box?.join(", ")}) of \`${sample.id}\` ${what}.`;
    problems.push({ kind, file: sample.file, detail });
  };
  // Where nothing is there, an empty box says so, too.
  const box = sample.box && usableBox(sample.box, size, wasThere ? report : () => {});
  return { sample: { ...sample, ...size, points, box }, problems };
}

/** A box with its corners in order, if a pixel of it or more is in the picture. */
function usableBox(
  [x1, y1, x2, y2]: Xyxy,
  { width, height }: PictureSize,
  report: (kind: Problem["kind"], what: string) => void,
): Xyxy | undefined {
  const box: Xyxy = [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
  const clipped = clipBox(box, width, height);
  if (box[2] - box[0] < 1 || box[3] - box[1] < 1) {
    report("box-empty", "is smaller than a pixel: left out");
  } else if (clipped[2] - clipped[0] < 1 || clipped[3] - clipped[1] < 1) {
    report("box-outside", `is outside the picture of ${width}×${height}: left out`);
  } else {
    if (x1 > x2 || y1 > y2) report("box-inverted", "has its corners swapped: put right");
    return box;
  }
  return undefined;
}
