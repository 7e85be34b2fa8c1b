import { join } from "node:path";
import type { ClassifierRun, CrossValidation } from "../../classify/index.ts";
import { formatCount, formatDuration } from "../format.ts";
import { unreadLines } from "../load-examples.ts";
import { print, printJson } from "../output.ts";
import { unmeasuredLine } from "../validation.ts";
import type { ClassifyTrainOptions } from "./classify-train.ts";

/** Prints what a training of a classifier came to. */
export function reportTraining(
  { ending, best, last, report, evaluation, notes, recipe, dataset }: ClassifierRun,
  crossValidation: CrossValidation | undefined,
  { out, json }: ClassifyTrainOptions,
): void {
  const epochs = notes.records.at(-1)?.epoch ?? 0;
  const bestEpoch = notes.best.epoch;
  if (json) {
    const seconds = notes.elapsedMs / 1_000;
    const { accuracy, top5, balancedAccuracy, majorityBaseline, perClass } = evaluation ?? {};
    const figures = {
      accuracy,
      ...(recipe.classes.length > 5 && { top5 }),
      balancedAccuracy,
      majorityBaseline,
      perClass,
    };
    printJson({
      ending,
      best,
      last,
      report: report ?? (crossValidation && join(out, "report.html")),
      epochs,
      bestEpoch,
      seconds,
      ...figures,
      crossValidation,
      recipe,
    });
    return;
  }
  const early = ending === "early-stop" ? ", stopped early" : "";
  const lines = [`${formatCount(epochs, "epoch")} in ${formatDuration(notes.elapsedMs)}${early}`];
  if (evaluation) {
    const { accuracy, balancedAccuracy, majorityBaseline, majorityClass } = evaluation;
    const chosen = notes.best.fitness >= 0;
    lines.push(
      `${chosen ? "best in" : "the last,"} epoch ${bestEpoch}: accuracy ${accuracy.toFixed(3)}, balanced ${balancedAccuracy.toFixed(3)} (validation)`,
      `always "${majorityClass}" would reach ${majorityBaseline.toFixed(3)}`,
    );
    for (const line of unreadLines(evaluation.perClass, dataset.splits.val, "validation examples")) {
      lines.push(line);
    }
    if (!chosen) {
      const few = formatCount(dataset.splits.val.length, "example");
      lines.push(
        `${few} say little, so none of the epochs was chosen by them; --folds 5 measures by all and then trains on all`,
      );
    }
  } else if (!crossValidation) lines.push(unmeasuredLine(bestEpoch));
  if (crossValidation) {
    const { accuracy, folds, count } = crossValidation;
    const parts = folds.map((fold) => fold.toFixed(3)).join(", ");
    lines.push(
      `cross-validated accuracy ${accuracy.toFixed(3)} on ${formatCount(count, "example")} (${parts})`,
    );
  }
  lines.push(`model:  ${join(out, "best.onnx")}`);
  if (report || crossValidation) lines.push(`report: ${join(out, "report.html")}`);
  print(lines.join("\n"));
}
