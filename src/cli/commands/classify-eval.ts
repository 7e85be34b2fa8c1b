import { join } from "node:path";
import { type Command, Option } from "commander";
import type { ClassifierCard, ClassifierEvaluation } from "../../classify/index.ts";
import { FoveaError, writeOutput } from "../../core/index.ts";
import type { ClassificationDataset, ClassifiedArray, ClassifiedPicture } from "../../data/index.ts";
import { type SplitChoice, samplesOf } from "../data-split.ts";
import { requireEvaluationFolder } from "../evaluation-folder.ts";
import { formatCount } from "../format.ts";
import { channelsOption, loadExamples, noteIdleOptions, problemLine, unreadLines } from "../load-examples.ts";
import { noteTrainedExamples, readAsTrained, usualPart } from "../measured-examples.ts";
import { classifierUse, requireModel } from "../model-names.ts";
import {
  addExamples,
  deviceOption,
  type EngineOptions,
  evaluationSeedOption,
  type GlobalOptions,
  jsonOption,
  optionsOf,
  threadsOption,
} from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { parsePath } from "../parse.ts";
import { createProgress } from "../progress.ts";
import { type TrainedData, trainedData } from "../trained-split.ts";

type TrainedClassifier = TrainedData & Partial<Pick<ClassifierCard, "kind" | "shape">>;

type Examples = (ClassifiedPicture | ClassifiedArray)[];

interface Options extends GlobalOptions, EngineOptions {
  split?: SplitChoice;
  seed?: number;
  channels?: number;
  out?: string;
  json?: boolean;
}

/** `fovea classify eval`: how well a classifier does on labelled examples. */
export function addClassifyEval(classify: Command): void {
  const command = classify
    .command("eval")
    .description("measure a classifier on labelled examples: accuracy, recall by class, calibration")
    .argument("<model>", "the classifier, a best.onnx")
    .argument("<data>", "folders named after classes, a .tar of them, a table (.tsv, .csv), or an .npz")
    .addOption(
      new Option(
        "--split <name>",
        "part of the data (default: val or test where the data name one; of the data of the model's training what was drawn to validate with; else all)",
      ).choices(["train", "val", "test", "all"]),
    )
    .option(
      "--out <dir>",
      "write evaluation.json, and report.html with confusions and the worst mistakes",
      parsePath,
    )
    .addOption(channelsOption())
    .addOption(evaluationSeedOption("examples"))
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (model: string, data: string, _: unknown, command: Command) => {
      await requireModel(model, classifierUse);
      await requireEvaluationFolder(optionsOf<Options>(command).out);
      const trained: TrainedClassifier = await trainedData(model);
      const { split, out, json, ...options } = readAsTrained(optionsOf<Options>(command), trained);
      const shape = trained.kind === "volumes" ? trained.shape : undefined;
      const dataset = await loadExamples(data, { ...options, shape });
      noteIdleOptions(command, data, dataset, options);
      const part = split ?? usualPart(dataset, trained);
      const examples: Examples = samplesOf<Examples[number]>(dataset, part, data, "examples");
      const { alignLabels, Classifier, evaluateClassifier, mistakesOf, writeEvaluationReport } = await import(
        "../../classify/index.ts"
      );
      const { threads, device, quiet } = options;
      const classifier = await Classifier.load(model, { threads, device });
      const progress = createProgress({ label: "Evaluating", total: examples.length, quiet });
      let evaluation: ClassifierEvaluation;
      let aligned: Examples;
      try {
        requireFit(model, classifier.card, data, dataset);
        noteTrainedExamples({ model, data, part, asked: split }, trained, dataset, options);
        aligned = alignLabels(examples, dataset.classes, classifier.classes, data);
        evaluation = await evaluateClassifier(classifier, aligned, {
          onProgress: (done, total) => progress.update(done, `${done} of ${total}`),
          onProblem: (problem) => note(problemLine(problem), options),
        });
      } finally {
        progress.done();
        await classifier.close();
      }
      const { examples: answers, top5, ...others } = evaluation;
      const figures = others.perClass.length > 5 ? { top5, ...others } : others; // of five classes all are right
      const result = { model, data, split: part, ...figures, mistakes: mistakesOf(evaluation) };
      if (json) printJson(result);
      else print(await toText(evaluation, answers.length, part));
      for (const line of unreadLines(figures.perClass, aligned, dataset.kind))
        note(`${data}: ${line}`, options);
      if (out !== undefined) {
        await writeOutput(join(out, "evaluation.json"), `${JSON.stringify(result, null, 2)}\n`);
        await writeEvaluationReport({
          out,
          title: model,
          subtitle: `${data}, ${part}`,
          examples: aligned,
          evaluation,
        });
      }
    });
  addExamples(command, [
    "fovea classify eval runs/leaves/best.onnx leaves/ --out runs/leaves/eval",
    "fovea classify eval runs/ecg/best.onnx ECG200_TEST.tsv --json",
  ]);
}

/**
 * Refuses data of another kind, or of another shape, which may have the same number of values. Sequences may be shorter
 * than the model's: they are filled up.
 */
function requireFit(model: string, card: ClassifierCard, data: string, dataset: ClassificationDataset): void {
  const forms = { pictures: () => "", sequences: channelsText, volumes: volumeText };
  const [known, given] = [card, "shape" in dataset ? dataset : { kind: dataset.kind, shape: [] }].map(
    ({ kind, shape }) => `${kind}${forms[kind](shape)}`,
  );
  if (known !== given) {
    throw new FoveaError(
      "kind-mismatch",
      `${model} was trained on ${known}, but ${data} holds ${given}; give it what it knows.`,
    );
  }
  const [taken, longest] = [card.shape[1], "shape" in dataset ? dataset.shape[1] : 0];
  if (card.kind !== "sequences" || longest <= taken) return;
  throw new FoveaError(
    "shape-mismatch",
    `${model} takes sequences of up to ${taken} time steps, but ${data} holds one of ${longest}: cut it, or train with longer ones.`,
  );
}

const volumeText = (shape: readonly number[]) => ` of ${shape.join("×")}`;
const channelsText = ([channels]: readonly number[]) => (channels > 1 ? ` of ${channels} channels` : "");

/** Classes that a terminal still shows well. */
const SHOWN_CLASSES = 40;

async function toText(evaluation: ClassifierEvaluation, count: number, part: SplitChoice): Promise<string> {
  const {
    accuracy,
    top5,
    balancedAccuracy,
    macroF1,
    majorityBaseline,
    majorityClass,
    calibration,
    perClass,
  } = evaluation;
  const { textTable } = await import("../../report/index.ts");
  const rows = perClass.map((c) => [c.name, c.count, c.precision, c.recall, c.f1]);
  const table = textTable(["class", "examples", "precision", "recall", "F1"], rows.slice(0, SHOWN_CLASSES));
  const more = rows.length > SHOWN_CLASSES ? `\n… and ${rows.length - SHOWN_CLASSES} classes more` : "";
  const top = perClass.length > 5 ? `, top 5 ${top5.toFixed(4)}` : "";
  return [
    `${table}${more}`,
    "",
    `accuracy ${accuracy.toFixed(4)}${top} on ${formatCount(count, "example")}${part === "all" ? "" : ` of ${part}`} (always "${majorityClass}": ${majorityBaseline.toFixed(4)})`,
    `balanced accuracy ${balancedAccuracy.toFixed(4)}, mean F1 ${macroF1.toFixed(4)}, calibration error ${calibration.ece.toFixed(4)}`,
  ].join("\n");
}
