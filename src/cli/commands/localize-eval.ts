import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { FoveaError, writeOutput } from "../../core/index.ts";
import type { DetectionSample } from "../../data/index.ts";
import type { Localizer, LocalizerEvaluation } from "../../localize/index.ts";
import { type SplitChoice, samplesOf, splitOption } from "../data-split.ts";
import { requireEvaluationFolder } from "../evaluation-folder.ts";
import { INTERRUPTED } from "../failure.ts";
import { formatCount, formatFigure } from "../format.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { loadData, noteProblems } from "../load-data.ts";
import {
  backgroundOption,
  cropsOption,
  type LocalizationDataOptions,
  noteStrictCrops,
  strictOption,
} from "../localization-options.ts";
import { localizerUse, requireModel } from "../model-names.ts";
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
import { number, parsePath } from "../parse.ts";
import { createProgress } from "../progress.ts";
import { drawnAsTrained, noteOtherSplit, type TrainedData, trainedData } from "../trained-split.ts";

interface Options extends GlobalOptions, EngineOptions, FormatOptions, LocalizationDataOptions {
  split: SplitChoice;
  seed?: number;
  presence?: number;
  out?: string;
  json?: boolean;
}

/** `fovea localize eval`: how well a localizer does on labelled pictures. */
export function addLocalizeEval(localize: Command): void {
  const command = localize
    .command("eval")
    .description("measure a localizer: class accuracy, mean IoU, correct at IoU 0.5, false alarms")
    .argument("<model>", "the localizer, a best.onnx; classes are matched by name")
    .argument("<data>", "folder of the data set")
    .addOption(splitOption())
    .addOption(cropsOption())
    .addOption(backgroundOption())
    .addOption(strictOption())
    .option(
      "--presence <threshold>",
      "least probability that there is an object (default: the model's own)",
      number(0, 1),
    )
    .option("--out <dir>", "write evaluation.json, and report.html with answers and mistakes", parsePath)
    .addOption(formatOption())
    .addOption(evaluationSeedOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (model: string, data: string, _: unknown, command: Command) => {
      noteStrictCrops(optionsOf<Options>(command));
      await requireModel(model, localizerUse);
      await requireEvaluationFolder(optionsOf<Options>(command).out);
      const trained = await trainedData(model);
      const options = drawnAsTrained(optionsOf<Options>(command), trained);
      const { Localizer } = await import("../../localize/index.ts");
      const { presence, threads, device } = options;
      const localizer = await Localizer.load(model, { presenceThreshold: presence, threads, device });
      const interrupt = listenForInterrupt(() => note("Stopping after this picture.", options));
      // Crops live as long as they are looked at.
      const cropFolder = await mkdtemp(join(tmpdir(), "fovea-crops-"));
      try {
        await evaluate({ model, data, localizer, trained, cropFolder, signal: interrupt.signal }, options);
      } catch (error) {
        if (!interrupt.signal.aborted) throw error;
        throw new FoveaError(
          INTERRUPTED,
          "Stopped before all pictures were measured; run the command again.",
        );
      } finally {
        interrupt.dispose();
        await rm(cropFolder, { recursive: true, force: true });
        await localizer.close();
      }
    });
  addExamples(command, [
    "fovea localize eval runs/raccoon/best.onnx raccoon/ --out runs/raccoon/eval",
    "fovea localize eval runs/raccoon/best.onnx raccoon/ --background empty/ --json",
  ]);
}

/** What is measured, on what. */
interface Subject {
  model: string;
  data: string;
  localizer: Localizer;
  trained: TrainedData;
  cropFolder: string;
  signal: AbortSignal;
}

async function evaluate(
  { model, data, localizer, trained, cropFolder, signal }: Subject,
  options: Options,
): Promise<void> {
  const { split, crops, background = [], strict, seed = 0, out } = options;
  const read = await loadData(data, options);
  noteProblems(read, data, options);
  const { prepareData, withMeasuredBackground, writeEvaluationReport } = await import(
    "../../localize/index.ts"
  );
  const onRemark = (sentence: string) => note(`${data}: ${sentence}`, options);
  const objects = await prepareData(read, { crops, strict, seed, cropFolder, onRemark, signal });
  const { trainedOn } = trained;
  const measuring = { split, seed, trainedOn, onRemark };
  const { dataset, asTrained } = await withMeasuredBackground(objects, background, measuring);
  const samples = samplesOf(dataset, split, data);
  const wasDrawn = trained.split !== undefined && trained.split !== "files";
  const fingerprints = [asTrained, objects, read].map(({ fingerprint }) => fingerprint);
  noteOtherSplit({ model, data, split }, trained, wasDrawn ? asTrained : objects, fingerprints, options);
  const evaluation = await measure(localizer, samples, dataset.classes, signal, options);
  const { pictures, ...measured } = evaluation;
  const figures = { model, data, split, ...measured };
  if (options.json) printJson(figures);
  else print(await toText(evaluation));
  if (out !== undefined) {
    await writeOutput(join(out, "evaluation.json"), `${JSON.stringify(figures, null, 2)}\n`);
    await writeEvaluationReport({ out, title: model, subtitle: `${data}, ${split}`, samples, evaluation });
  }
}

async function measure(
  localizer: Localizer,
  samples: readonly DetectionSample[],
  classes: readonly string[],
  signal: AbortSignal,
  { quiet }: Options,
): Promise<LocalizerEvaluation> {
  const { evaluateLocalizer } = await import("../../localize/index.ts");
  const progress = createProgress({ label: "Evaluating", total: samples.length, quiet });
  try {
    return await evaluateLocalizer(localizer, samples, {
      classes,
      signal,
      onProblem: ({ file, detail }) => note(`${file}: ${detail}`, { quiet }),
      onProgress: (done, total) => progress.update(done, `${done} of ${total} pictures`),
    });
  } finally {
    progress.done();
  }
}

async function toText(evaluation: LocalizerEvaluation): Promise<string> {
  const { textTable } = await import("../../report/index.ts");
  const { perClass, objects, backgrounds, classAccuracy, meanIou, correct, missed, falseAlarms, right } =
    evaluation;
  const rows = perClass.map((c) => [c.name, c.count, c.accuracy, c.meanIou, c.correct]);
  return [
    textTable(
      ["class", "objects", "accuracy", "mean IoU", "correct at IoU 0.5"],
      [...rows, ["all", objects, classAccuracy, meanIou, correct]],
    ),
    "",
    `${formatCount(objects, "picture")} with an object, ${backgrounds} without; right ${formatFigure(right)}, missed ${formatFigure(missed)}, false alarms ${formatFigure(falseAlarms)}`,
  ].join("\n");
}
