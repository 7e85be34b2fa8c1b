import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeOutput } from "../../core/index.ts";
import type { Picture } from "../../image/index.ts";
import { type Ending, type LoopNotes, readBest, runPaths } from "../../train/index.ts";
import type { CollapseWatch } from "./collapse-watch.ts";
import type { EncoderTask } from "./encoder-task.ts";
import type { FaceEvaluation } from "./evaluate.ts";
import type { FaceRun } from "./face-run.ts";
import { batchSheet } from "./face-sheets.ts";
import type { Measure } from "./measure.ts";
import type { People } from "./people.ts";
import type { PersonBatches } from "./person-batches.ts";
import type { PreparedFaces } from "./prepare.ts";
import type { FaceRecipe } from "./recipe.ts";
import { writeFaceReport } from "./run-report.ts";

/** What is known when training has ended. */
export interface EndedRun {
  out: string;
  recipe: FaceRecipe;
  people: People;
  faces: PreparedFaces;
  ending: Ending;
  notes: LoopNotes;
  before: FaceEvaluation;
  measure: Measure;
  task: EncoderTask;
  order: PersonBatches;
  watch: CollapseWatch;
}

/**
 * Writes what a training leaves besides its models: the best one's head, and the report.
 * @throws FoveaError `encodings-collapsed` where the training ended so; `model-missing` where the best model of a run that
 *   was complete before is gone
 */
export async function finishRun(ended: EndedRun): Promise<FaceRun> {
  const { out, recipe, people, ending, notes, measure, watch } = ended;
  const { best, last } = runPaths(out);
  const isMeasured = people.val.length > 0;
  const before = isMeasured ? ended.before : undefined;
  const run: FaceRun = { ending, out, best, last, before, recipe, people, notes };
  if (recipe.head && existsSync(best)) {
    run.head = join(out, "head.onnx");
    await writeOutput(run.head, measure.headOf(await readFile(best)));
  }
  if (watch.error && (watch.signal.aborted || ending !== "interrupted")) throw watch.error;
  if (ending === "interrupted" || !isMeasured) return run;
  run.evaluation = await measure.ofModel(await readBest(out));
  run.report = await writeFaceReport({
    out,
    recipe,
    faces: ended.faces,
    records: notes.records,
    before: ended.before,
    evaluation: run.evaluation,
    batch: await drawnBatch(ended),
  });
  return run;
}

/** The first batch as a drawing; none where pictures are put through the net once for all. */
async function drawnBatch({ recipe, faces, task, order }: EndedRun): Promise<Picture | undefined> {
  if (recipe.start.kind === "encoder") return undefined;
  const chosen = order.of(0);
  const { data } = await task.batch(0, chosen);
  const { people, faces: all } = faces.train;
  return batchSheet(
    data as Uint8Array,
    recipe.side,
    chosen.map((i) => people[all[i].person].replaceAll("_", " ")),
  );
}
