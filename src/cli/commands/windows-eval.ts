import { join } from "node:path";
import type { Command } from "commander";
import { FoveaError, writeOutput } from "../../core/index.ts";
import type { DetectionDataset, DetectionSample } from "../../data/index.ts";
import type { DetectorEvaluation, ObjectDetector } from "../../detect/index.ts";
import type { WindowDetector as OpenWindows } from "../../detect/windows/index.ts";
import { type SplitChoice, samplesOf, splitOption } from "../data-split.ts";
import { requireEvaluationFolder } from "../evaluation-folder.ts";
import { formatCount, formatDuration } from "../format.ts";
import { loadData, noteProblems } from "../load-data.ts";
import { requireModel, windowsUse } from "../model-names.ts";
import {
  addExamples,
  deviceOption,
  type EngineOptions,
  evaluationSeedOption,
  type FormatOptions,
  formatOption,
  type GlobalOptions,
  jsonOption,
  optionsOf,
  threadsOption,
} from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { parsePath } from "../parse.ts";
import { createProgress } from "../progress.ts";
import { drawnAsTrained, noteOtherSplit, trainedData } from "../trained-split.ts";
import { type Method, methodOption } from "../windows-options.ts";

interface Options extends GlobalOptions, EngineOptions, FormatOptions {
  split: SplitChoice;
  method: Method;
  seed?: number;
  out?: string;
  json?: boolean;
}

/** `fovea windows eval`: how well windows find labelled objects, and how long it takes. */
export function addWindowsEval(windows: Command): void {
  const command = windows
    .command("eval")
    .description("measure a detector by windows on labelled pictures: mAP50, mAP50-95, and time a picture")
    .argument("<model>", "the detector, a best.onnx; classes that it does not know are left out")
    .argument("<data>", "folder of the data set")
    .addOption(splitOption())
    .addOption(methodOption())
    .option("--out <dir>", "write evaluation.json, and report.html with curves and examples", parsePath)
    .addOption(formatOption())
    .addOption(evaluationSeedOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (model: string, data: string, _: unknown, command: Command) => {
      await requireModel(model, windowsUse);
      await requireEvaluationFolder(optionsOf<Options>(command).out);
      const trained = await trainedData(model);
      const { split, out, json, method, ...options } = drawnAsTrained(optionsOf<Options>(command), trained);
      const dataset = await loadData(data, options);
      noteProblems(dataset, data, options);
      const { WindowDetector, keepClasses } = await import("../../detect/windows/index.ts");
      const { EVALUATION_SCORE, writeEvaluationReport } = await import("../../detect/index.ts");
      const { threads, device } = options;
      const detector = await WindowDetector.load(model, {
        method,
        scoreThreshold: EVALUATION_SCORE,
        threads,
        device,
      });
      try {
        const known = dataset.classes.filter((name) => detector.classes.includes(name));
        requireKnown(known, detector.classes, dataset);
        if (known.length < dataset.classes.length) {
          note(`${data}: only ${known.join(", ")} of ${dataset.classes.join(", ")} can be found.`, options);
        }
        const kept = keepClasses(dataset, known);
        const { fingerprint } = kept;
        noteOtherSplit({ model, data, split }, trained, kept, [fingerprint, dataset.fingerprint], options);
        const samples = samplesOf(kept, split, data);
        const { evaluation, msPerPicture, narrow } = await measure(detector, samples, known, options);
        if (narrow > 0) {
          note(
            `${data}: no window fits ${formatCount(narrow, "picture")}, too narrow in every size: nothing is found there.`,
            options,
          );
        }
        const { evaluationFigures, evaluationRemark, evaluationTable } = await import("../evaluation.ts");
        const figures = { model, data, split, method, msPerPicture, ...evaluationFigures(evaluation) };
        if (json) printJson(figures);
        else {
          const { textTable } = await import("../../report/index.ts");
          const { columns, rows } = evaluationTable(evaluation);
          const time = `${formatDuration(msPerPicture)} a picture, ${method}.`;
          print(`${textTable(columns, rows)}\n\n${evaluationRemark(evaluation)}\n${time}`);
        }
        if (out !== undefined) {
          await writeOutput(join(out, "evaluation.json"), `${JSON.stringify(figures, null, 2)}\n`);
          await writeEvaluationReport({
            out,
            title: model,
            subtitle: `${data}, ${split}, ${method}`,
            samples,
            evaluation,
          });
        }
      } finally {
        await detector.close();
      }
    });
  addExamples(command, [
    "fovea windows eval runs/white/best.onnx cells/ --out runs/white/eval",
    "fovea windows eval runs/white/best.onnx cells/ --method naive --json",
  ]);
}

/**
 * Measures with progress on stderr.
 * @returns the time of the detector, without decoding, and how many pictures no window fits
 */
async function measure(
  detector: OpenWindows,
  samples: readonly DetectionSample[],
  classes: readonly string[],
  { quiet }: GlobalOptions,
): Promise<{ evaluation: DetectorEvaluation; msPerPicture: number; narrow: number }> {
  const { evaluateDetector } = await import("../../detect/index.ts");
  const { levelsOf, whereItFits } = await import("../../detect/windows/index.ts");
  const { classes: all, detect } = whereItFits(detector);
  const progress = createProgress({ label: "Evaluating", total: samples.length, quiet });
  let [totalMs, narrow] = [0, 0];
  const timed: ObjectDetector = {
    classes: all,
    async detect(picture) {
      if (levelsOf(picture, detector.card).length === 0) narrow++;
      const result = await detect(picture);
      totalMs += result.timings.inferMs;
      return result;
    },
  };
  try {
    const evaluation = await evaluateDetector(timed, samples, {
      classes,
      onProblem: ({ file, detail }) => note(`${file}: ${detail}`, { quiet }),
      onProgress: (done, total) => progress.update(done, `${done} of ${total} pictures`),
    });
    return { evaluation, msPerPicture: totalMs / evaluation.pictures.length, narrow };
  } finally {
    progress.done();
  }
}

function requireKnown(
  known: readonly string[],
  model: readonly string[],
  { classes }: DetectionDataset,
): void {
  if (known.length > 0) return;
  throw new FoveaError(
    "classes-differ",
    `The data set has ${classes.join(", ")}, but the model finds only ${model.join(", ")}.`,
  );
}
