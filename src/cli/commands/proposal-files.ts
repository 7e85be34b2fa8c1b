import { join, resolve } from "node:path";
import { FoveaError, writeOutputPieces } from "../../core/index.ts";
import {
  coverObjects,
  evaluateProposals,
  type ProposalEvaluation,
  type Proposals,
  ProposalWorkers,
} from "../../detect/index.ts";
import { decodePicture } from "../../image/index.ts";
import { formatCount } from "../format.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { requireWritableFolder } from "../new-folder.ts";
import { note, print } from "../output.ts";
import { endFiles, listFiles, throughput } from "../picture-files.ts";
import { createProgress } from "../progress.ts";
import type { ProposalsOptions } from "./detect-proposals.ts";
import { type Drawings, nameProposalDrawings, saveProposalDrawings } from "./proposal-drawings.ts";
import { type FileProposals, jsonPieces, type Outcome, printPieces } from "./proposal-json.ts";
import { type LabelledFiles, loadLabels, type NamedBox } from "./proposal-labels.ts";

/**
 * `fovea detect proposals`: proposes regions in files, draws them, and measures them where there are labels. Files
 * that cannot be read do not keep the others from being done.
 *
 * @throws AggregateError of what was wrong with files, after the others are done
 */
export async function proposalsCommand(
  patterns: readonly string[],
  options: ProposalsOptions,
): Promise<void> {
  if (options.out !== undefined) await requireWritableFolder(options.out);
  const labels = options.data === undefined ? undefined : await loadLabels(options.data, options);
  const { files, failures } = await filesOf(patterns, labels);
  if (files.length === 0) throw new AggregateError(failures);
  const interrupt = listenForInterrupt(() => note("Stopping after these pictures.", options));
  const started = performance.now();
  const found = await proposeInFiles(files, labels, options, interrupt.signal).finally(interrupt.dispose);
  const elapsed = performance.now() - started;
  if (found.results.length > 0) note(throughput(found.results.length, elapsed), options);
  const outcome: Outcome = { results: found.results, failures: [...failures, ...found.failures] };
  if (labels) {
    const objects = outcome.results.flatMap((result) => result.objects ?? []);
    outcome.evaluation = evaluateProposals(objects, labels.classes);
  }
  if (options.json) await printPieces(jsonPieces(outcome, options));
  else await printText(outcome);
  const end = { done: outcome.results.length, total: files.length, failures: outcome.failures };
  await endFiles({ ...end, interrupted: interrupt.signal.aborted }, async () => {
    if (options.out === undefined) return;
    await writeOutputPieces(join(options.out, "proposals.json"), jsonPieces(outcome, options));
  });
}

async function filesOf(patterns: readonly string[], labels: LabelledFiles | undefined) {
  if (patterns.length === 0 && labels) return { files: [...labels.objects.keys()], failures: [] };
  return listFiles(patterns);
}

/** Searches so many pictures at once as there are threads; results are in the files' order. */
async function proposeInFiles(
  files: readonly string[],
  labels: LabelledFiles | undefined,
  options: ProposalsOptions,
  signal: AbortSignal,
): Promise<{ results: FileProposals[]; failures: FoveaError[] }> {
  const drawings = options.out === undefined ? undefined : nameProposalDrawings(files, options.out);
  const workers = new ProposalWorkers(options.workers);
  const progress = createProgress({ label: "Searching", total: files.length, quiet: options.quiet });
  const results = new Array<FileProposals | undefined>(files.length);
  const failures: FoveaError[] = [];
  let [next, done] = [0, 0];
  const work = async () => {
    while (next < files.length && !signal.aborted) {
      const index = next++;
      const file = files[index];
      try {
        const objects = labels?.objects.get(resolve(file));
        results[index] = await proposeInFile(file, objects, drawings?.get(file), workers, options);
        if (labels && !objects)
          note(`${file} is not among the labelled pictures and is not measured.`, options);
      } catch (error) {
        if (!(error instanceof FoveaError)) throw error;
        failures.push(error);
      }
      progress.update(++done, file);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(workers.count, files.length) }, work));
  } finally {
    progress.done();
    await workers.close();
  }
  return { results: results.filter((result) => result !== undefined), failures };
}

async function proposeInFile(
  file: string,
  labelled: readonly NamedBox[] | undefined,
  drawings: Drawings | undefined,
  workers: ProposalWorkers,
  { mode, most, leastSide, longerSide, seed, show }: ProposalsOptions,
): Promise<FileProposals> {
  const picture = await decodePicture(file);
  const found: Proposals = await workers.propose(picture, { mode, most, leastSide, longerSide, seed });
  const objects =
    labelled &&
    coverObjects(found.boxes, labelled).map((object, i) => ({ ...object, label: labelled[i].label }));
  if (drawings) await saveProposalDrawings(picture, found, objects, show, drawings);
  const { width, height } = picture;
  return { file, width, height, blobs: found.blobs.count, boxes: found.boxes, objects, ...drawings };
}

async function printText({ results, evaluation }: Outcome): Promise<void> {
  if (!evaluation || evaluation.objects === 0) {
    for (const { file, blobs, boxes } of results) {
      print(`${file}: ${formatCount(boxes.length / 4, "region")}, ${formatCount(blobs, "blob")}`);
    }
    return;
  }
  const { textTable } = await import("../../report/index.ts");
  const columns = ["class", "objects", "recall at IoU 0.5", "at 0.7", "ABO"];
  const row = (
    name: string,
    { objects, recall50, recall70, abo }: Omit<ProposalEvaluation, "perClass" | "mabo">,
  ) => [name, objects, ...[recall50, recall70, abo].map((figure) => figure.toFixed(3))] as const;
  const rows = [...evaluation.perClass.map((of) => row(of.name, of)), row("all", evaluation)];
  const mean = results.reduce((sum, { boxes }) => sum + boxes.length / 4, 0) / results.length;
  print(
    textTable(
      columns,
      rows.map((cells) => [...cells]),
    ),
  );
  print(`\nMABO ${evaluation.mabo.toFixed(3)}, ${mean.toFixed(0)} regions a picture`);
}
