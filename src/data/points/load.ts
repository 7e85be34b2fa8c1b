import { createHash } from "node:crypto";
import { dirname, resolve } from "node:path";
import { FoveaError, groupBy } from "../../core/index.ts";
import type { Problem, SplitName } from "../dataset.ts";
import { reportLeaks } from "../duplicates.ts";
import { isFolder } from "../folder.ts";
import { formatProblems } from "../problems.ts";
import { SPLIT_NAMES } from "../split-names.ts";
import { assignSplits } from "../splits.ts";
import { findVersions } from "../versions.ts";
import { checkSamples } from "./check-samples.ts";
import type { PointDataset, PointDescription, PointSample, ReadPoints } from "./dataset.ts";
import { isOrigin, originRule, readDescription } from "./description.ts";
import { groupsOf } from "./groups.ts";
import { readPoints } from "./read-points.ts";
import { findSamePictures } from "./same-pictures.ts";

/** How to read a data set of points. */
export interface LoadPointsOptions {
  /** Draws the splits that the data do not define; 0 by default. */
  seed?: number;
  /** Share of the pictures that is drawn for `val`, in [0, 1); 0.2 by default. */
  valFraction?: number;
  /** Coordinate of the centre of the first pixel, see {@link PointDescription}; default: the description's. */
  origin?: number;
  /** Told after each picture whose header has been read. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Reads pictures with named points: a table (`.csv`), COCO keypoints (`.json`) or a folder of `.pts` files. No picture is
 * decoded. What is wrong is skipped and entered in `problems`; so are copies of a picture in another split, which are kept.
 * A file `points.yaml` beside the data may describe the points ({@link PointDescription}).
 *
 * @param path the file, or a folder with such files
 * @throws FoveaError `folder-missing`, `dataset-format`, `dataset-empty`, `points-columns`, `points-count`,
 *   `points-description`, `dataset-split`
 */
export async function loadPointDataset(path: string, options: LoadPointsOptions = {}): Promise<PointDataset> {
  const { seed = 0, valFraction = 0.2, onProgress } = options;
  if (!(valFraction >= 0 && valFraction < 1)) {
    throw new FoveaError(
      "dataset-split",
      `\`valFraction\` (=${valFraction}) must be at least 0 and less than 1.`,
    );
  }
  const root = resolve(path);
  const folder = (await isFolder(root)) ? root : dirname(root);
  const { format, read } = await readPoints(path, root);
  const description = { ...(await readDescription(folder)) };
  description.lines ??= read.lines;
  const names = namesOf(read, description);
  checkDescription(names, description);
  const problems = [...read.problems];
  const origin = options.origin ?? description.origin ?? read.origin;
  if (!isOrigin(origin)) throw new FoveaError("argument-range", `${originRule(origin)}.`);
  const checked = await checkSamples(read.samples, origin, problems, onProgress);
  requireSamples(path, checked, problems);
  const groups = groupsOf(
    checked.map(({ id, picture }) => picture ?? id),
    description.group,
  );
  const samples = checked.map(({ group, ...sample }, i): PointSample => {
    return { ...sample, group: description.group === undefined ? (group ?? groups[i]) : groups[i] };
  });
  const copies = await findSamePictures(samples);
  const { splits, splitSource } = assignSplits(samples, {
    declared: read.declaredSplits,
    splitOf: new Map(checked.flatMap(({ id, split }) => (split ? [[id, split]] : []))),
    together: [...groupBy(samples, ({ group }) => group), ...copies, ...findVersions(samples)],
    seed,
    valFraction,
  });
  for (const leak of reportLeaks(splits, copies, ({ path }) => path)) problems.push(leak);
  return {
    root,
    format,
    names,
    origin,
    named: read.names !== undefined || description.points !== undefined,
    description,
    splits: withoutSplit(splits),
    splitSource: valFraction === 0 && splits.val.length === 0 ? "files" : splitSource,
    groups: new Set(samples.map(({ group }) => group)).size,
    problems,
    fingerprint: fingerprint(names, splits),
  };
}

function namesOf({ names, count }: ReadPoints, { points }: PointDescription): string[] {
  if (!points) return names ?? Array.from({ length: count }, (_, i) => `${i}`);
  if (points.length === count && new Set(points).size === count) return points;
  throw new FoveaError(
    "points-count",
    `The description names ${new Set(points).size} different points, the data have ${count}: name each once, in the order of the data.`,
  );
}

function checkDescription(
  names: readonly string[],
  { pairs = [], lines = [], interocular }: PointDescription,
): void {
  const known = new Set(names);
  for (const name of [...pairs.flat(), ...lines.flat(), ...(interocular ?? [])]) {
    if (known.has(name)) continue;
    throw new FoveaError(
      "points-description",
      `The description speaks of a point \`${name}\`, which the data do not have.`,
    );
  }
  const paired = pairs.flat();
  const twice = paired.find((name, i) => paired.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new FoveaError(
      "points-description",
      `The description pairs the point \`${twice}\` twice: a point has one counterpart.`,
    );
  }
}

function requireSamples(
  path: string,
  samples: readonly { points: readonly unknown[] }[],
  problems: readonly Problem[],
): void {
  if (samples.some(({ points }) => points.some((point) => point !== undefined))) return;
  const [first] = problems;
  const reasons = first
    ? ` Problems:\n${formatProblems(problems)}\nThe first: ${first.file}: ${first.detail}`
    : "";
  throw new FoveaError(
    "dataset-empty",
    `The data set in \`${path}\` is empty: no picture has a usable point.${reasons}`,
  );
}

function withoutSplit(splits: Record<SplitName, PointSample[]>): Record<SplitName, PointSample[]> {
  const { train, val, test } = splits;
  const bare = (list: readonly PointSample[]) =>
    list.map(({ id, path, width, height, points, box, group }): PointSample => {
      return { id, path, width, height, points, ...(box && { box }), group };
    });
  return { train: bare(train), val: bare(val), test: bare(test) };
}

function fingerprint(names: readonly string[], splits: Record<SplitName, readonly PointSample[]>): string {
  const hash = createHash("sha256").update(`${JSON.stringify(names)}\n`);
  const rounded = (value: number) => Math.floor(value * 100 + 0.4999);
  for (const split of SPLIT_NAMES) {
    hash.update(`${split}\n`);
    for (const { id, width, height, points, box } of splits[split]) {
      const line = [
        id,
        width,
        height,
        points.map((point) => point?.map(rounded) ?? null),
        box?.map(rounded) ?? null,
      ];
      hash.update(`${JSON.stringify(line)}\n`);
    }
  }
  return hash.digest("hex");
}
