import {
  type ClassificationDataset,
  type ClassifiedArray,
  type ClassifiedPicture,
  type ExampleBatch,
  readPictureBytes,
} from "../data/index.ts";
import { contactSheet, decodePicture, type Picture } from "../image/index.ts";
import {
  calibrationChart,
  classAccuracyChart,
  confusionChart,
  lossChart,
  metricChart,
  type ReportPart,
  writeReport,
} from "../report/index.ts";
import type { EpochRecord } from "../train/index.ts";
import { batchPlot, enlargedTo } from "./batch-plot.ts";
import { type ClassifierEvaluation, type Mistake, mistakesOf } from "./evaluate.ts";
import type { Recipe } from "./recipe.ts";

/** Mistakes that a report shows. */
const SHOWN_MISTAKES = 24;
/** Size of a shown picture, in pixels. */
const TILE = 160;

/** The report of a training run. */
export async function writeTrainingReport(options: {
  out: string;
  recipe: Recipe;
  dataset: ClassificationDataset;
  records: readonly EpochRecord[];
  evaluation: ClassifierEvaluation;
  /** A training batch. */
  batch: ExampleBatch;
}): Promise<string> {
  const { out, recipe, dataset, records, evaluation, batch } = options;
  const { train, val } = dataset.splits;
  const last = records.at(-1);
  const measured = evaluation.count < val.length ? `${evaluation.count} of ${val.length}` : val.length;
  return writeReport(
    out,
    {
      title: `Classifier of ${dataset.classes.length} classes`,
      subtitle: `${recipe.model}, input ${recipe.shape.join("×")}, ${train.length} training and ${measured} validation ${dataset.kind}, seed ${recipe.seed}`,
      summary: [
        ...figures(evaluation),
        durationFigure(last?.seconds ?? 0),
        { label: "epochs", value: last?.epoch ?? 0 },
      ],
    },
    [
      {
        title: "Training",
        plots: [
          { name: "losses", title: "Loss", svg: lossChart(records) },
          { name: "metrics", title: "Validation", svg: metricChart(records) },
        ],
      },
      ...(await evaluationParts(evaluation, val)),
      {
        title: "Data",
        plots: [
          { name: "batch", title: "A training batch with its labels", ...(await batchPlot(batch, recipe)) },
        ],
      },
    ],
  );
}

/** The report of an evaluation. */
export async function writeEvaluationReport(options: {
  out: string;
  title: string;
  subtitle: string;
  examples: readonly (ClassifiedPicture | ClassifiedArray)[];
  evaluation: ClassifierEvaluation;
  /** Accuracy on each held-out part, of a cross-validation. */
  folds?: readonly number[];
}): Promise<string> {
  const { out, title, subtitle, examples, evaluation, folds } = options;
  const parts = await evaluationParts(evaluation, examples);
  if (folds) {
    const rows = folds.map((accuracy, fold) => [fold + 1, accuracy]);
    parts.unshift({ title: "Folds", plots: [], table: { columns: ["held out", "accuracy"], rows } });
  }
  return writeReport(out, { title, subtitle, summary: figures(evaluation) }, parts);
}

function figures({ accuracy, top5, balancedAccuracy, perClass, calibration }: ClassifierEvaluation) {
  return [
    { label: "accuracy", value: percent(accuracy) },
    ...(perClass.length > 5 ? [{ label: "top 5", value: percent(top5) }] : []),
    { label: "balanced accuracy", value: percent(balancedAccuracy) },
    { label: "calibration error", value: percent(calibration.ece) },
  ];
}

async function evaluationParts(
  evaluation: ClassifierEvaluation,
  examples: readonly (ClassifiedPicture | ClassifiedArray)[],
): Promise<ReportPart[]> {
  const { perClass, confusion, calibration, majorityBaseline, majorityClass } = evaluation;
  const worst = mistakesOf(evaluation)
    .sort((a, b) => b.score - a.score)
    .slice(0, SHOWN_MISTAKES);
  const picture = await mistakesSheet(worst, examples);
  return [
    {
      title: "Classes",
      text: `Who always says "${majorityClass}" is right in ${percent(majorityBaseline)} of the cases.`,
      plots: [],
      table: {
        columns: ["class", "examples", "precision", "recall", "F1"],
        rows: perClass.map(({ name, count, precision, recall, f1 }) => [name, count, precision, recall, f1]),
      },
    },
    {
      title: "What it takes for what",
      plots: [
        { name: "confusion", title: "Confusion", svg: confusionChart(confusion) },
        {
          name: "classes",
          title: "Share of each class that is recognised",
          svg: classAccuracyChart(perClass),
        },
        {
          name: "calibration",
          title: "Calibration",
          caption: "How often it is right where it says that it is so sure.",
          svg: calibrationChart(calibration),
        },
      ],
    },
    ...(worst.length > 0
      ? [
          {
            title: "Worst mistakes",
            text: "Where it was most sure of the wrong class.",
            plots: picture ? [{ name: "mistakes", title: "Said, and in brackets what it is", picture }] : [],
            table: {
              columns: ["no.", "example", "is", "said", "probability"],
              rows: worst.map(({ id, label, said, score }, i) => [i + 1, id, label, said, score]),
            },
          },
        ]
      : []),
  ];
}

/** The pictures of mistakes, numbered; none of other data. */
async function mistakesSheet(
  mistakes: readonly Mistake[],
  examples: readonly (ClassifiedPicture | ClassifiedArray)[],
): Promise<Picture | undefined> {
  const byId = new Map(examples.map((example) => [example.id, example]));
  const tiles = [];
  for (const [i, { id, label, said }] of mistakes.entries()) {
    const example = byId.get(id);
    if (!example || "values" in example) return undefined;
    const picture = await decodePicture(await readPictureBytes(example.bytes), { fitWithin: TILE });
    tiles.push({ picture: await enlargedTo(TILE, picture), caption: `${i + 1}: ${said} (${label})` });
  }
  return tiles.length ? contactSheet(tiles, { columns: 6, tileWidth: TILE, tileHeight: TILE }) : undefined;
}

/** Minutes, or seconds of what took less than two. */
function durationFigure(seconds: number) {
  if (seconds < 120) return { label: "seconds", value: seconds.toFixed(seconds < 10 ? 1 : 0) };
  return { label: "minutes", value: (seconds / 60).toFixed(1) };
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "–";
}
