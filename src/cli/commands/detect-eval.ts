import { join } from "node:path";
import type { Command } from "commander";
import { writeOutput } from "../../core/index.ts";
import { type SplitChoice, samplesOf, splitOption } from "../data-split.ts";
import { requireEvaluationFolder } from "../evaluation-folder.ts";
import { loadData, noteProblems } from "../load-data.ts";
import { detectorUse, requireModel } from "../model-names.ts";
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
import { print, printJson } from "../output.ts";
import { parsePath } from "../parse.ts";
import { drawnAsTrained, noteOtherSplit, trainedData } from "../trained-split.ts";

interface Options extends GlobalOptions, EngineOptions, FormatOptions {
  split: SplitChoice;
  seed?: number;
  out?: string;
  json?: boolean;
}

/** `fovea detect eval`: how well a detector does on labelled pictures. */
export function addDetectEval(detect: Command): void {
  const command = detect
    .command("eval")
    .description("measure a detector on labelled pictures: mAP50, mAP50-95, precision and recall by class")
    .argument("<model>", "the detector: a best.onnx, or coco, faces, faces-tiny; classes are matched by name")
    .argument("<data>", "folder of the data set")
    .addOption(splitOption())
    .option(
      "--out <dir>",
      "write evaluation.json, and report.html with curves, confusions and examples",
      parsePath,
    )
    .addOption(formatOption())
    .addOption(evaluationSeedOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (model: string, data: string, _: unknown, command: Command) => {
      await requireModel(model, detectorUse);
      await requireEvaluationFolder(optionsOf<Options>(command).out);
      const trained = await trainedData(model);
      const { split, out, json, ...options } = drawnAsTrained(optionsOf<Options>(command), trained);
      const dataset = await loadData(data, options);
      noteProblems(dataset, data, options);
      noteOtherSplit({ model, data, split }, trained, dataset, [dataset.fingerprint], options);
      const samples = samplesOf(dataset, split, data);
      const { writeEvaluationReport } = await import("../../detect/index.ts");
      const { errorsRemark, evaluationFigures, evaluationRemark, evaluationTable, measureDetector } =
        await import("../evaluation.ts");
      const evaluation = await measureDetector(model, samples, dataset.classes, options);
      const figures = { model, data, split, ...evaluationFigures(evaluation) };
      if (json) printJson(figures);
      else {
        const { textTable } = await import("../../report/index.ts");
        const { columns, rows } = evaluationTable(evaluation);
        print(
          `${textTable(columns, rows)}\n\n${evaluationRemark(evaluation)}\n${errorsRemark(figures.errors)}`,
        );
      }
      if (out !== undefined) {
        await writeOutput(join(out, "evaluation.json"), `${JSON.stringify(figures, null, 2)}\n`);
        await writeEvaluationReport({
          out,
          title: model,
          subtitle: `${data}, ${split}`,
          samples,
          evaluation,
        });
      }
    });
  addExamples(command, [
    "fovea detect eval runs/cells/best.onnx cells/ --out runs/cells/eval",
    "fovea detect eval runs/cells/best.onnx cells/ --split test --json",
    "fovea detect eval coco street/ --split all",
  ]);
}
