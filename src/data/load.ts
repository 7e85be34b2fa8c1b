import { resolve } from "node:path";
import { FoveaError } from "../core/index.ts";
import type { DetectionDataset, DetectionFormat, DetectionSample, Problem } from "./dataset.ts";
import { findCopies, reportLeaks } from "./duplicates.ts";
import { fingerprintDataset } from "./fingerprint.ts";
import { isFolder } from "./folder.ts";
import { readAnnotations } from "./formats/read-annotations.ts";
import { formatProblems } from "./problems.ts";
import { readSamples } from "./read-samples.ts";
import { assignSplits } from "./splits.ts";
import { uniquePictures } from "./unique-ids.ts";
import { findVersions } from "./versions.ts";

export interface LoadDatasetOptions {
  /** By default the one that the folder has. */
  format?: DetectionFormat;
  /** Draws the splits that the data set's files do not define; 0 by default. */
  seed?: number;
  /** Share of the pictures that is drawn for `val`, in [0, 1); 0.2 by default. */
  valFraction?: number;
  /** Told after each picture whose header has been read. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Reads a data set for object detection: Pascal VOC, COCO or YOLO, recognised by its files. No picture is
 * decoded, but each one's size is read from its header and its boxes are checked against that. Whatever is
 * wrong is skipped or mended, and entered in the result's `problems`. Corners are pixels of the upright
 * picture, and splits are taken from files, or drawn with a seed (see `splitSource`).
 *
 * @param dir folder of the data set
 * @throws `folder-missing`; `dataset-format` if it has no data set, or several; `dataset-empty` if nothing
 * usable is left; `dataset-yaml`, `dataset-classes` if the list of classes is unusable; `dataset-split` for
 * a `valFraction` out of its range
 */
export async function loadDetectionDataset(
  dir: string,
  options: LoadDatasetOptions = {},
): Promise<DetectionDataset> {
  const { seed = 0, valFraction = 0.2 } = options;
  if (!(valFraction >= 0 && valFraction < 1)) {
    throw new FoveaError(
      "dataset-split",
      `\`valFraction\` (=${valFraction}) must be at least 0 and less than 1.`,
    );
  }
  const root = resolve(dir);
  if (!(await isFolder(root))) {
    throw new FoveaError("folder-missing", `There is no folder \`${dir}\`: check the path and the spelling.`);
  }
  const { format, annotations } = await readAnnotations(root, options.format);
  const { classes, declaredSplits } = annotations;
  const problems = [...annotations.problems];
  const pictures = uniquePictures(annotations.pictures, problems);
  const read = await readSamples(pictures, problems, options.onProgress);
  const samples = read.filter((sample) => sample !== undefined);
  checkNotEmpty(root, samples, pictures.length, problems);

  const copies = await findCopies(samples, ({ path }) => ({ file: path }));
  const { splits, splitSource } = assignSplits(samples, {
    declared: declaredSplits,
    splitOf: new Map(pictures.flatMap(({ id, split }) => (split ? [[id, split]] : []))),
    together: [...copies, ...findVersions(samples)],
    seed,
    valFraction,
  });
  for (const leak of reportLeaks(splits, copies, ({ path }) => path)) problems.push(leak);
  const fingerprint = fingerprintDataset({ classes, splits });
  return { root, format, classes, splits, splitSource, problems, fingerprint };
}

function checkNotEmpty(
  root: string,
  samples: readonly DetectionSample[],
  pictures: number,
  problems: readonly Problem[],
): void {
  const boxes = samples.reduce((sum, sample) => sum + sample.boxes.length, 0);
  if (boxes > 0) return;
  const found = `${pictures} annotated pictures, ${samples.length} of them usable, no usable box`;
  const reasons = problems.length > 0 ? ` Problems:\n${formatProblems(problems)}` : "";
  const first = problems.length > 0 ? `\nThe first: ${problems[0].file}: ${problems[0].detail}` : "";
  throw new FoveaError(
    "dataset-empty",
    `The data set in \`${root}\` is empty: ${found}. Mend its annotations or name another folder.${reasons}${first}`,
  );
}
