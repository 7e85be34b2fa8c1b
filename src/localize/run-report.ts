import type { DetectionDataset, DetectionSample } from "../data/index.ts";
import type { Picture } from "../image/index.ts";
import { lossChart, metricChart, type ReportPart, writeReport } from "../report/index.ts";
import type { EpochRecord } from "../train/index.ts";
import { answersSheet, mistakesOf, typicalOf } from "./answers-sheet.ts";
import type { LocalizerEvaluation } from "./evaluate.ts";
import type { Recipe } from "./recipe.ts";

/** The report of a training run. */
export async function writeTrainingReport(options: {
  out: string;
  recipe: Recipe;
  dataset: DetectionDataset;
  records: readonly EpochRecord[];
  evaluation: LocalizerEvaluation;
  /** A training batch with its labels. */
  batch: Picture;
}): Promise<string> {
  const { out, recipe, dataset, records, evaluation, batch } = options;
  const { classes, input, model, loss, seed } = recipe;
  const { train, val } = dataset.splits;
  const last = records.at(-1);
  const losses = lossChart(records, { losses: ["loss", "presence", "box", "class", "look"] });
  const metrics = metricChart(records, { metrics: ["meanIou", "right", "accuracy", "falseAlarms"] });
  return writeReport(
    out,
    {
      title: `Localizer of ${classes.length === 1 ? classes[0] : `${classes.length} classes`}`,
      subtitle: `${model}, ${input.width}×${input.height}, loss "${loss}", ${train.length} training and ${val.length} validation pictures, seed ${seed}`,
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
          { name: "losses", title: "Losses", svg: losses },
          { name: "metrics", title: "Validation", svg: metrics },
        ],
      },
      ...(await evaluationParts(evaluation, val)),
      {
        title: "Data",
        plots: [{ name: "batch", title: "A training batch with its labels", picture: batch }],
      },
    ],
  );
}

/** The report of an evaluation. */
export async function writeEvaluationReport(options: {
  out: string;
  title: string;
  subtitle: string;
  samples: readonly DetectionSample[];
  evaluation: LocalizerEvaluation;
}): Promise<string> {
  const { out, title, subtitle, samples, evaluation } = options;
  const parts = await evaluationParts(evaluation, samples);
  return writeReport(out, { title, subtitle, summary: figures(evaluation) }, parts);
}

function figures({ meanIou, classAccuracy, correct, falseAlarms, backgrounds }: LocalizerEvaluation) {
  return [
    { label: "mean IoU", value: percent(meanIou) },
    { label: "class accuracy", value: percent(classAccuracy) },
    { label: "correct at IoU 0.5", value: percent(correct) },
    ...(backgrounds > 0 ? [{ label: "false alarms", value: percent(falseAlarms) }] : []),
  ];
}

async function evaluationParts(
  evaluation: LocalizerEvaluation,
  samples: readonly DetectionSample[],
): Promise<ReportPart[]> {
  const { perClass, pictures, objects, backgrounds, missed, right } = evaluation;
  const classes = perClass.map(({ name }) => name);
  const mistakes = mistakesOf(pictures);
  return [
    {
      title: "Classes",
      text: `${objects} pictures with an object, ${backgrounds} without: ${percent(right)} of all answers are right; ${percent(missed)} of the objects are missed.`,
      plots: [],
      table: {
        columns: ["class", "objects", "accuracy", "mean IoU", "correct at IoU 0.5"],
        rows: perClass.map((c) => [c.name, c.count, c.accuracy, c.meanIou, c.correct]),
      },
    },
    {
      title: "What it says",
      plots: [
        {
          name: "answers",
          title: "Answers (solid) and truth (dashed)",
          picture: await answersSheet(typicalOf(pictures), samples, classes),
        },
      ],
    },
    ...(mistakes.length > 0
      ? [
          {
            title: "Worst mistakes",
            text: "Background taken for an object, objects missed or taken for others, and the boxes that are farthest off.",
            plots: [
              {
                name: "mistakes",
                title: "Answers (solid) and truth (dashed)",
                picture: await answersSheet(mistakes, samples, classes),
              },
            ],
          },
        ]
      : []),
  ];
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "–";
}
