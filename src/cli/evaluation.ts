import { meanOfDefined } from "../core/index.ts";
import type { DetectionSample } from "../data/index.ts";
import {
  Detector,
  type DetectorEvaluation,
  detectorErrors,
  EVALUATION_SCORE,
  evaluateDetector,
} from "../detect/index.ts";
import { type DetectionError, type DetectionErrorKind, detectionErrorKinds } from "../metrics/index.ts";
import type { ReportTable } from "../report/index.ts";
import { formatCount } from "./format.ts";
import type { EngineOptions, GlobalOptions } from "./options.ts";
import { note } from "./output.ts";
import { createProgress } from "./progress.ts";

/** Opens a detector and measures it on labelled pictures, with progress on stderr. */
export async function measureDetector(
  model: string,
  samples: readonly DetectionSample[],
  classes: readonly string[],
  { threads, device, quiet }: EngineOptions & GlobalOptions,
): Promise<DetectorEvaluation> {
  const detector = await Detector.load(model, { scoreThreshold: EVALUATION_SCORE, threads, device });
  const progress = createProgress({ label: "Evaluating", total: samples.length, quiet });
  try {
    return await evaluateDetector(detector, samples, {
      classes,
      onProblem: ({ file, detail }) => note(`${file}: ${detail}`, { quiet }),
      onProgress: (done, total) => progress.update(done, `${done} of ${total} pictures`),
    });
  } finally {
    progress.done();
    await detector.close();
  }
}

/** Errors of each sort that JSON lists. */
const LISTED_ERRORS = 100;

/** Errors at the best threshold: how many of each kind, and the surest false finds and nearest missed objects. */
interface ErrorFigures {
  counts: Record<DetectionErrorKind, number>;
  falseFinds: unknown[];
  missed: unknown[];
}

/** The figures of an evaluation as JSON: all but curves and single pictures. */
export function evaluationFigures(
  evaluation: DetectorEvaluation,
): Record<string, unknown> & { errors: ErrorFigures } {
  const { mAP50, mAP50_95, perClass, bestThreshold, confusion, coco, voc, pictures } = evaluation;
  return {
    pictures: pictures.length,
    mAP50,
    mAP50_95,
    bestThreshold,
    perClass,
    coco,
    voc,
    confusion,
    errors: errorFigures(evaluation),
  };
}

function errorFigures(evaluation: DetectorEvaluation): ErrorFigures {
  const { falseFinds, missed } = detectorErrors(evaluation);
  const counts = Object.fromEntries(detectionErrorKinds.map((kind) => [kind, 0])) as ErrorFigures["counts"];
  for (const { kind } of [...falseFinds, ...missed]) counts[kind]++;
  const listed = (errors: readonly DetectionError[]) =>
    errors
      .slice(0, LISTED_ERRORS)
      .map(({ classIndex, ...error }) => ({ class: evaluation.perClass[classIndex].name, ...error }));
  return { counts, falseFinds: listed(falseFinds), missed: listed(missed) };
}

/** An evaluation's figures by class, and their means over the classes that have objects. */
export function evaluationTable(evaluation: DetectorEvaluation): ReportTable {
  const { perClass, mAP50, mAP50_95 } = evaluation;
  const rows = perClass.map(({ name, count, AP50, AP50_95, precision, recall, f1 }) => [
    name,
    count,
    AP50,
    AP50_95,
    precision,
    recall,
    f1,
  ]);
  const objects = perClass.reduce((sum, { count }) => sum + count, 0);
  const means = (["precision", "recall", "f1"] as const).map((figure) =>
    meanOfDefined(perClass.map((result) => result[figure])),
  );
  return {
    columns: ["class", "objects", "AP50", "AP50-95", "precision", "recall", "F1"],
    rows: [...rows, ["all", objects, mAP50, mAP50_95, ...means]],
  };
}

/** What the table does not say of itself. */
export function evaluationRemark({ bestThreshold, pictures }: DetectorEvaluation): string {
  const threshold = bestThreshold.toFixed(3);
  return `${formatCount(pictures.length, "picture")}; precision, recall and F1 at score ${threshold}, where the mean F1 is highest.`;
}

/** How many errors there are at the best threshold, in a line. */
export function errorsRemark({ counts: { missed, ...falseFinds } }: ErrorFigures): string {
  const finds = Object.values(falseFinds).reduce((sum, count) => sum + count, 0);
  return `At that score: ${formatCount(finds, "false find")}, ${falseFinds.background} of them where nothing is labelled, and ${formatCount(missed, "missed object")}; --out shows them (labels may be missing).`;
}
