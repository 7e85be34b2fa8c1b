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
import type { ClassifierEvaluation } from "./evaluate.ts";
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
  return writeReport(
    out,
    {
      title: `Classifier of ${dataset.classes.length} classes`,
      subtitle: `${recipe.model}, input ${recipe.shape.join("×")}, ${train.length} training and ${val.length} validation ${dataset.kind}, seed ${recipe.seed}`,
      summary: [
        ...figures(evaluation),
        { label: "minutes", value: ((last?.seconds ?? 0) / 60).toFixed(1) },
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
}): Promise<string> {
  const { out, title, subtitle, examples, evaluation } = options;
  const parts = await evaluationParts(evaluation, examples);
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
  const mistakes = await worstMistakes(evaluation, examples);
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
    ...(mistakes
      ? [
          {
            title: "Worst mistakes",
            text: "Where it was most sure of the wrong class.",
            plots: [{ name: "mistakes", title: "Said, and in brackets what it is", picture: mistakes }],
          },
        ]
      : []),
  ];
}

/** The pictures whose true class got the least probability; none for other data. */
async function worstMistakes(
  { examples: answers, perClass }: ClassifierEvaluation,
  examples: readonly (ClassifiedPicture | ClassifiedArray)[],
): Promise<Picture | undefined> {
  const byId = new Map(examples.map((example) => [example.id, example]));
  const wrong = answers
    .map(({ id, classIndex, probabilities }) => {
      const said = probabilities.indexOf(Math.max(...probabilities));
      return { id, classIndex, said, doubt: probabilities[said] - probabilities[classIndex] };
    })
    .filter(({ said, classIndex }) => said !== classIndex)
    .sort((a, b) => b.doubt - a.doubt)
    .slice(0, SHOWN_MISTAKES);
  const tiles = [];
  for (const { id, said, classIndex } of wrong) {
    const example = byId.get(id);
    if (!example || "values" in example) return undefined;
    const picture = await decodePicture(await readPictureBytes(example.bytes), { fitWithin: TILE });
    tiles.push({
      picture: await enlargedTo(TILE, picture),
      caption: `${perClass[said].name} (${perClass[classIndex].name})`,
    });
  }
  return tiles.length ? contactSheet(tiles, { columns: 6, tileWidth: TILE, tileHeight: TILE }) : undefined;
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "–";
}
