import { join, posix } from "node:path";
import { FoveaError } from "../../core/index.ts";
import type { Problem, SplitName } from "../dataset.ts";
import { listFiles, readText } from "../folder.ts";
import { splitOfName } from "../split-names.ts";
import type { PicturePoint, ReadPoints, StatedPoints } from "./dataset.ts";
import { PictureFinder, withoutExtension } from "./picture-finder.ts";

/**
 * Reads `.pts` files (300-W, Sagonas et al. 2013): each beside the picture of its name, in folders that may be called
 * `train`, `val` and `test`. Their coordinates count pixels from 1, so the centre of the first pixel is (1, 1). Points that
 * are `nan`, or negative in both coordinates, are not labelled.
 *
 * @throws FoveaError `points-count` where files of different numbers of points are as many as each other
 */
export async function readPtsFolder(root: string): Promise<ReadPoints> {
  const files = await listFiles(root, [".pts"]);
  const finder = await PictureFinder.read(root);
  const problems: Problem[] = [];
  const read: StatedPoints[] = [];
  for (const name of files) {
    const file = join(root, name);
    const points = parsePts(await readText(file));
    if (typeof points === "string") {
      problems.push({ kind: "annotation-unreadable", file, detail: `${points}: skipped.` });
      continue;
    }
    const stem = withoutExtension(name);
    const path = finder.findBeside(stem);
    if (path === undefined) {
      const detail = `No picture beside it is called \`${posix.basename(stem)}\`: skipped.`;
      problems.push({ kind: "picture-missing", file, detail });
      continue;
    }
    read.push({ id: stem, path, file, points, split: splitOfName(stem.split("/")[0]) });
  }
  const count = usualCount(root, read);
  const samples = read.filter(({ file, points }) => {
    if (points.length === count) return true;
    const detail = `It has ${points.length} points, the others have ${count}: skipped.`;
    problems.push({ kind: "points-count", file, detail });
    return false;
  });
  const declaredSplits = new Set(
    samples.map(({ split }) => split).filter((split): split is SplitName => split !== undefined),
  );
  return { count, origin: 1, samples, declaredSplits, problems };
}

/** The points of a file, or what is wrong with it. */
export function parsePts(text: string): (PicturePoint | undefined)[] | string {
  const content = /\{([^}]*)\}/.exec(text);
  if (!content) return "The file has no points between { and }";
  const lines = content[1].split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const declared = /n_points\s*:\s*(\d+)/i.exec(text)?.[1];
  if (declared !== undefined && Number(declared) !== lines.length) {
    return `The file declares ${declared} points but has ${lines.length}`;
  }
  const points: (PicturePoint | undefined)[] = [];
  for (const line of lines) {
    const cells = line.trim().split(/[\s,]+/);
    const [x, y] = cells.map(Number);
    const isUnknown = cells.slice(0, 2).some((cell) => cell.toLowerCase() === "nan") || (x < 0 && y < 0);
    if (cells.length < 2 || (!isUnknown && !(Number.isFinite(x) && Number.isFinite(y)))) {
      return `"${line.trim()}" is no point`;
    }
    points.push(isUnknown ? undefined : [x, y]);
  }
  return points;
}

/** The number of points that most files have. */
function usualCount(root: string, samples: readonly StatedPoints[]): number {
  const counts = new Map<number, number>();
  for (const { points } of samples) counts.set(points.length, (counts.get(points.length) ?? 0) + 1);
  const [[count, most] = [0, 0], [other, second] = [0, 0]] = [...counts].sort((a, b) => b[1] - a[1]);
  if (second === most && most > 0) {
    throw new FoveaError(
      "points-count",
      `\`${root}\` has as many files of ${count} points as of ${other}: keep one scheme in a data set.`,
    );
  }
  return count;
}
