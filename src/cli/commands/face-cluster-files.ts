import { join } from "node:path";
import { FoveaError, writeOutput } from "../../core/index.ts";
import {
  clusterCut,
  clusterEncodings,
  type Face,
  type FaceFinder,
  requireClusterable,
} from "../../face/index.ts";
import { decodeAhead } from "../decode-ahead.ts";
import { trainedThreshold } from "../face-threshold.ts";
import { INTERRUPTED } from "../failure.ts";
import { formatCount } from "../format.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { requireEmptyFolder } from "../new-folder.ts";
import { openFinder } from "../open-finder.ts";
import { note, print, printJson } from "../output.ts";
import { asFailure, listFiles, throughput } from "../picture-files.ts";
import { createProgress } from "../progress.ts";
import type { ClusterOptions } from "./face-cluster.ts";
import { cutFace, type FoundFace, type PersonGroup, writeGroupSheets } from "./face-cluster-sheets.ts";

/** What was found in all files. */
interface Found {
  faces: FoundFace[];
  /** Pictures that could be read. */
  pictures: number;
  /** Faces that were left out as too small. */
  small: number;
  failures: FoveaError[];
}

/**
 * `fovea face cluster`: finds the faces of all files and groups them by person. Files that cannot be read do not keep the
 * others from being done.
 *
 * @throws AggregateError of what was wrong with files, after the others are done
 */
export async function clusterCommand(patterns: readonly string[], options: ClusterOptions): Promise<void> {
  const { out, json } = options;
  await requireEmptyFolder(out);
  const { files, failures } = await listFiles(patterns);
  if (files.length === 0) throw new AggregateError(failures);
  const finder = await openFinder(options);
  const interrupt = listenForInterrupt(() => note("Stopping after this picture.", options));
  const started = performance.now();
  let cut: number;
  let found: Found;
  try {
    cut = cutOf(finder, options);
    found = await findFaces(finder, files, options, interrupt.signal);
  } finally {
    interrupt.dispose();
    await finder.close();
  }
  if (interrupt.signal.aborted) {
    const share = `${found.pictures + found.failures.length} of ${formatCount(files.length, "picture")}`;
    throw new FoveaError(INTERRUPTED, `Stopped after ${share}; run the command again for all of them.`);
  }
  note(throughput(found.pictures, performance.now() - started), options);
  failures.push(...found.failures);
  const groups = groupFaces(found.faces, cut);
  const sheets = await writeGroupSheets(groups, out, options);
  const answer = toJson(groups, found, { cut, finder, options, failures });
  await writeOutput(join(out, "clusters.json"), `${JSON.stringify(answer, null, 2)}\n`);
  if (json) printJson(answer);
  else print(toText(groups, found, sheets, out));
  if (failures.length > 0) throw new AggregateError(failures);
}

/** The cut that is asked for, or was measured. */
function cutOf(finder: FaceFinder, { threshold, mirror }: ClusterOptions): number {
  const cut = threshold ?? clusterCut(finder.encoder, mirror);
  if (cut !== undefined) return cut;
  const example = trainedThreshold(finder) || ", for example the one that `fovea face eval` finds best";
  throw new FoveaError(
    "threshold-missing",
    `Nobody measured up to which distance encoder \`${finder.encoder.name}\` groups people best: give --threshold${example}.`,
  );
}

async function findFaces(
  finder: FaceFinder,
  files: readonly string[],
  { minFace, quiet }: ClusterOptions,
  signal: AbortSignal,
): Promise<Found> {
  const progress = createProgress({ label: "Finding faces", total: files.length, quiet });
  const found: Found = { faces: [], pictures: 0, small: 0, failures: [] };
  try {
    for await (const { file, picture, error } of decodeAhead(files)) {
      if (signal.aborted) break;
      if (error) {
        found.failures.push(error);
        continue;
      }
      const faces = await finder.find(picture).catch((thrown: unknown) => asFailure(file, thrown));
      if (faces instanceof FoveaError) {
        found.failures.push(faces);
        continue;
      }
      for (const face of faces) {
        if (sideOf(face) < minFace) found.small++;
        else found.faces.push({ file, ...face, crop: await cutFace(picture, face.box) });
      }
      requireClusterable(found.faces.length);
      progress.update(++found.pictures + found.failures.length, file);
    }
  } finally {
    progress.done();
  }
  return found;
}

function sideOf({ box: [x1, y1, x2, y2] }: Face): number {
  return Math.min(x2 - x1, y2 - y1);
}

/** The faces of each person, those with most of them first. */
function groupFaces(faces: readonly FoundFace[], cut: number): PersonGroup[] {
  const numbers = clusterEncodings(
    faces.map(({ encoding }) => encoding),
    cut,
  );
  const groups: PersonGroup[] = [];
  for (const [i, number] of numbers.entries()) {
    groups[number] ??= { name: `person-${String(number + 1).padStart(3, "0")}`, faces: [] };
    groups[number].faces.push(faces[i]);
  }
  return groups;
}

interface Told {
  cut: number;
  finder: FaceFinder;
  options: ClusterOptions;
  failures: readonly FoveaError[];
}

function toJson(
  groups: readonly PersonGroup[],
  { faces, pictures, small }: Found,
  { cut, finder, options, failures }: Told,
): unknown {
  const round = (value: number, digits: number) => Number(value.toFixed(digits));
  return {
    encoder: finder.encoder,
    mirror: options.mirror,
    threshold: cut,
    pictures,
    faces: faces.length,
    tooSmall: small,
    people: groups.map(({ name, faces: own }) => ({
      name,
      faces: own.map(({ file, box, score }) => ({
        file,
        box: box.map((corner) => round(corner, 2)),
        score: round(score, 5),
      })),
    })),
    failures: failures.map(({ code, message }) => ({ code, message })),
  };
}

/** Groups that a terminal still shows well. */
const SHOWN = 30;

function toText(
  groups: readonly PersonGroup[],
  { faces, pictures, small }: Found,
  sheets: string[],
  out: string,
): string {
  const lines = groups
    .filter((group) => group.faces.length > 1)
    .slice(0, SHOWN)
    .map((group) => `  ${group.name}  ${formatCount(group.faces.length, "face")}`);
  const once = groups.filter((group) => group.faces.length === 1).length;
  return [
    `${formatCount(faces.length, "face")} in ${formatCount(pictures, "picture")}: ${formatCount(groups.length, "person", "people")}, ${once} of them seen once${small > 0 ? `; ${formatCount(small, "smaller face")} left out` : ""}`,
    ...lines,
    `${formatCount(sheets.length, "sheet")} and clusters.json in ${out}`,
  ].join("\n");
}
