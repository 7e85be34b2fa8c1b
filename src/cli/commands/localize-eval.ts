import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { writeOutput } from "../../core/index.ts";
import type { DetectionDataset, DetectionSample } from "../../data/index.ts";
import type { LocalizerEvaluation } from "../../localize/index.ts";
import { type SplitChoice, samplesOf, splitOption } from "../data-split.ts";
import { formatCount } from "../format.ts";
import { loadData, noteProblems } from "../load-data.ts";
import {
  backgroundOption,
  cropsOption,
  type LocalizationDataOptions,
  strictOption,
} from "../localization-options.ts";
import {
  addExamples,
  deviceOption,
  type EngineOptions,
  type FormatOptions,
  formatOption,
  type GlobalOptions,
  jsonOption,
  optionsOf,
  seedOption,
  threadsOption,
} from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { number, parsePath } from "../parse.ts";
import { createProgress } from "../progress.ts";

interface Options extends GlobalOptions, EngineOptions, FormatOptions, LocalizationDataOptions {
  split: SplitChoice;
  seed: number;
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
    .addOption(seedOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (model: string, data: string, _: unknown, command: Command) => {
      const options = optionsOf<Options>(command);
      const dataset = await loadData(data, options);
      noteProblems(dataset, data, options);
      // Crops live as long as they are looked at.
      const cropFolder = await mkdtemp(join(tmpdir(), "fovea-crops-"));
      try {
        await evaluate(model, data, dataset, cropFolder, options);
      } finally {
        await rm(cropFolder, { recursive: true, force: true });
      }
    });
  addExamples(command, [
    "fovea localize eval runs/raccoon/best.onnx raccoon/ --out runs/raccoon/eval",
    "fovea localize eval runs/raccoon/best.onnx raccoon/ --background empty/ --json",
  ]);
}

async function evaluate(
  model: string,
  data: string,
  read: DetectionDataset,
  cropFolder: string,
  options: Options,
): Promise<void> {
  const { split, crops, background, strict, seed, out } = options;
  const { prepareData, writeEvaluationReport } = await import("../../localize/index.ts");
  const onRemark = (sentence: string) => note(`${data}: ${sentence}`, options);
  const dataset = await prepareData(read, { crops, background, strict, seed, cropFolder, onRemark });
  const samples = samplesOf(dataset, split, data);
  const evaluation = await measure(model, samples, dataset.classes, options);
  const { pictures, ...measured } = evaluation;
  const figures = { model, data, split, ...measured };
  if (out !== undefined) {
    await writeOutput(join(out, "evaluation.json"), `${JSON.stringify(figures, null, 2)}\n`);
    await writeEvaluationReport({ out, title: model, subtitle: `${data}, ${split}`, samples, evaluation });
  }
  if (options.json) printJson(figures);
  else print(await toText(evaluation));
}

async function measure(
  model: string,
  samples: readonly DetectionSample[],
  classes: readonly string[],
  { presence, threads, device, quiet }: Options,
): Promise<LocalizerEvaluation> {
  const { evaluateLocalizer, Localizer } = await import("../../localize/index.ts");
  const localizer = await Localizer.load(model, { presenceThreshold: presence, threads, device });
  const progress = createProgress({ label: "Evaluating", total: samples.length, quiet });
  try {
    return await evaluateLocalizer(localizer, samples, {
      classes,
      onProgress: (done, total) => progress.update(done, `${done} of ${total} pictures`),
    });
  } finally {
    progress.done();
    await localizer.close();
  }
}

async function toText(evaluation: LocalizerEvaluation): Promise<string> {
  const { textTable } = await import("../../report/index.ts");
  const { perClass, objects, backgrounds, classAccuracy, meanIou, correct, missed, falseAlarms, right } =
    evaluation;
  const rows = perClass.map((c) => [c.name, c.count, c.accuracy, c.meanIou, c.correct]);
  const share = (figure: number) => (Number.isNaN(figure) ? "–" : figure.toFixed(3));
  return [
    textTable(
      ["class", "objects", "accuracy", "mean IoU", "correct at IoU 0.5"],
      [...rows, ["all", objects, classAccuracy, meanIou, correct]],
    ),
    "",
    `${formatCount(objects, "picture")} with an object, ${backgrounds} without; right ${share(right)}, missed ${share(missed)}, false alarms ${share(falseAlarms)}`,
  ].join("\n");
}
