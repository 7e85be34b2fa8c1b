import type { DetectionDataset, DetectionSample } from "../data/index.ts";
import {
  classColor,
  contactSheet,
  type DetectionMark,
  decodePicture,
  drawDetections,
  type Picture,
} from "../image/index.ts";
import { type DetectionErrorKind, detectionErrorKinds } from "../metrics/index.ts";
import {
  anchorChart,
  confusionChart,
  labelStatistics,
  labelStatisticsChart,
  lossChart,
  metricChart,
  precisionRecallChart,
  type ReportPart,
  thresholdChart,
  writeReport,
} from "../report/index.ts";
import type { EpochRecord } from "../train/index.ts";
import { anchorsUpTo } from "./dataset-anchors.ts";
import { errorSheet } from "./error-sheet.ts";
import { type DetectorEvaluation, detectorErrors } from "./evaluate.ts";
import type { Recipe } from "./recipe.ts";

/** Pictures that a report shows with their truth and what was found. */
const SHOWN_PICTURES = 12;
/** Classes that a table has columns for. */
const MOST_CLASSES = 8;
/** Size of a shown picture, in pixels. */
const TILE = 320;

/** The report of a training run. */
export async function writeTrainingReport(options: {
  out: string;
  recipe: Recipe;
  dataset: DetectionDataset;
  records: readonly EpochRecord[];
  evaluation: DetectorEvaluation;
  /** A training batch with its labels. */
  batch: Picture | undefined;
}): Promise<string> {
  const { out, recipe, dataset, records, evaluation, batch } = options;
  const { config } = recipe;
  const { train, val } = dataset.splits;
  const anchors = anchorsUpTo(train, config.input, 5, recipe.seed);
  const last = records.at(-1);
  return writeReport(
    out,
    {
      title: `Detector of ${dataset.classes.length === 1 ? dataset.classes[0] : `${dataset.classes.length} classes`}`,
      subtitle: `${recipe.model}, ${config.input.width}×${config.input.height}, ${train.length} training and ${val.length} validation pictures, seed ${recipe.seed}`,
      summary: [
        { label: "mAP50", value: percent(evaluation.mAP50) },
        { label: "mAP50-95", value: percent(evaluation.mAP50_95) },
        { label: "best threshold", value: evaluation.bestThreshold.toFixed(2) },
        { label: "minutes", value: ((last?.seconds ?? 0) / 60).toFixed(1) },
        { label: "epochs", value: last?.epoch ?? 0 },
      ],
    },
    [
      {
        title: "Training",
        plots: [
          { name: "losses", title: "Losses", svg: lossChart(records) },
          { name: "metrics", title: "Validation", svg: metricChart(records) },
        ],
      },
      ...(await evaluationParts(evaluation, val)),
      {
        title: "Data",
        plots: [
          {
            name: "labels",
            title: "Labels of the training pictures",
            svg: labelStatisticsChart(labelStatistics(train, dataset.classes)),
          },
          {
            name: "anchors",
            title: "Box shapes in input pixels",
            caption: `Mean best IoU of ${anchors.anchors.length} anchors: ${percent(anchors.meanBestIou)}.`,
            svg: anchorChart(anchors.shapes, anchors.anchors, anchors.assignments),
          },
          { name: "batch", title: "A training batch with its labels", picture: batch },
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
  samples: readonly DetectionSample[];
  evaluation: DetectorEvaluation;
}): Promise<string> {
  const { out, title, subtitle, samples, evaluation } = options;
  const { coco, voc } = evaluation;
  return writeReport(
    out,
    {
      title,
      subtitle,
      summary: [
        { label: "mAP50", value: percent(evaluation.mAP50) },
        { label: "mAP50-95", value: percent(evaluation.mAP50_95) },
        { label: "VOC AP, 11 points", value: percent(voc.elevenPoint) },
        { label: "VOC AP, every point", value: percent(voc.everyPoint) },
      ],
    },
    [
      ...(await evaluationParts(evaluation, samples)),
      {
        title: "COCO's twelve figures",
        plots: [],
        table: {
          columns: ["figure", "value"],
          rows: Object.entries(coco).map(([name, value]) => [name, value < 0 ? Number.NaN : value]),
        },
      },
    ],
  );
}

/** What reports of training and of evaluation show alike. */
export async function evaluationParts(
  evaluation: DetectorEvaluation,
  samples: readonly DetectionSample[],
): Promise<ReportPart[]> {
  return [
    {
      title: "Classes",
      text: `Precision, recall and F1 at score ${evaluation.bestThreshold.toFixed(2)}, where the mean F1 is highest.`,
      plots: [],
      table: {
        columns: ["class", "objects", "AP50", "AP50-95", "precision", "recall", "F1"],
        rows: evaluation.perClass.map((c) => [
          c.name,
          c.count,
          c.AP50,
          c.AP50_95,
          c.precision,
          c.recall,
          c.f1,
        ]),
      },
    },
    {
      title: "What it finds",
      plots: [
        {
          name: "predictions",
          title: "Truth (left) and detections (right)",
          picture: await comparisonSheet(evaluation, samples),
        },
      ],
    },
    await errorPart(evaluation, samples),
    {
      title: "Curves",
      plots: [
        { name: "threshold", title: "Over the score threshold", svg: thresholdChart(evaluation) },
        { name: "precision-recall", title: "Precision and recall", svg: precisionRecallChart(evaluation) },
        { name: "confusion", title: "Confusion", svg: confusionChart(evaluation.confusion) },
      ],
    },
  ];
}

/** What the kinds of errors are called. */
const ERROR_TITLES: Readonly<Record<DetectionErrorKind, string>> = {
  background: "found where nothing is labelled",
  localization: "box off: IoU with its object below 0.5",
  classification: "another class",
  both: "another class, and box off",
  duplicate: "found twice",
  missed: "missed",
};

/** What is wrong at the best threshold, and how that looks. */
async function errorPart(
  evaluation: DetectorEvaluation,
  samples: readonly DetectionSample[],
): Promise<ReportPart> {
  const { pictures, perClass, bestThreshold } = evaluation;
  const classes = perClass.map(({ name }) => name);
  const { falseFinds, missed } = detectorErrors(evaluation);
  const all = [...falseFinds, ...missed];
  return {
    title: "Errors",
    text: `At score ${bestThreshold.toFixed(2)}. Where the surest false finds show an object, a label is missing: add it, and train and measure again.`,
    plots: [
      {
        name: "false-finds",
        title: "False finds, the surest first",
        caption: "The find with a line, labels with dashes.",
        picture: await errorSheet(falseFinds, pictures, samples, classes),
      },
      {
        name: "missed",
        title: "Missed objects, the nearest to being found first",
        picture: await errorSheet(missed, pictures, samples, classes),
      },
    ],
    table: {
      columns: ["error", ...classes.slice(0, MOST_CLASSES), "all"],
      rows: detectionErrorKinds.map((kind) => {
        const own = all.filter((error) => error.kind === kind);
        const counts = classes.map((_, k) => own.filter(({ classIndex }) => classIndex === k).length);
        return [ERROR_TITLES[kind], ...counts.slice(0, MOST_CLASSES), own.length];
      }),
    },
  };
}

/** Pictures in pairs: their labels, and the detections above the best threshold. */
async function comparisonSheet(
  { pictures, perClass, bestThreshold }: DetectorEvaluation,
  samples: readonly DetectionSample[],
): Promise<Picture | undefined> {
  const byId = new Map(samples.map((sample) => [sample.id, sample]));
  const step = Math.max(1, Math.floor(pictures.length / SHOWN_PICTURES));
  const tiles = [];
  for (let i = 0; i < pictures.length && tiles.length < 2 * SHOWN_PICTURES; i += step) {
    const { id, boxes, detections } = pictures[i];
    const { path, width } = byId.get(id)!;
    const picture = await decodePicture(path, { fitWithin: TILE });
    const scale = picture.width / width;
    const mark = (classIndex: number, box: readonly number[], note = ""): DetectionMark => ({
      box: box.map((x) => x * scale) as unknown as DetectionMark["box"],
      label: `${perClass[classIndex].name}${note}`,
      color: classColor(classIndex),
    });
    const truth = boxes.map(({ classIndex, box }) => mark(classIndex, box));
    const found = detections
      .filter(({ score }) => score >= bestThreshold)
      .map(({ classIndex, box, score }) => mark(classIndex, box, ` ${score.toFixed(2)}`));
    tiles.push({ picture: await drawDetections(picture, truth), caption: `${id}: truth` });
    tiles.push({ picture: await drawDetections(picture, found), caption: `${id}: found` });
  }
  return tiles.length ? contactSheet(tiles, { columns: 4, tileWidth: TILE, tileHeight: TILE }) : undefined;
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "–";
}
