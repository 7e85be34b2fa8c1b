import type { DetectionDataset } from "../../data/index.ts";
import { contactSheet, type Picture } from "../../image/index.ts";
import { lossChart, metricChart, type ReportPart, writeReport } from "../../report/index.ts";
import type { EpochRecord } from "../../train/index.ts";
import type { DetectorEvaluation } from "../evaluate.ts";
import { evaluationParts } from "../run-report.ts";
import type { MinedWindows } from "./mine.ts";
import type { WindowsRecipe } from "./recipe.ts";
import type { CropBatch, TrainingCrops } from "./training-crops.ts";

/** The report of a training run. */
export async function writeWindowsReport(options: {
  out: string;
  recipe: WindowsRecipe;
  dataset: DetectionDataset;
  records: readonly EpochRecord[];
  evaluation: DetectorEvaluation;
  mined: MinedWindows;
  crops: TrainingCrops;
}): Promise<string> {
  const { out, recipe, dataset, records, evaluation, mined, crops } = options;
  const { window, classes, sizes, rounds, seed } = recipe;
  const { train, val } = dataset.splits;
  const last = records.at(-1);
  return writeReport(
    out,
    {
      title: `Sliding windows for ${classes.length === 1 ? classes[0] : `${classes.length} classes`}`,
      subtitle: `windows of ${window.width}×${window.height}, ${sizes.length} sizes of objects, ${rounds} rounds, ${train.length} training and ${val.length} validation pictures, seed ${seed}`,
      summary: [
        { label: "mAP50", value: percent(evaluation.mAP50) },
        { label: "mAP50-95", value: percent(evaluation.mAP50_95) },
        { label: "mistakes learned from", value: mined.places.length },
        { label: "minutes", value: ((last?.seconds ?? 0) / 60).toFixed(1) },
      ],
    },
    [
      {
        title: "Training",
        text: "One point for each round.",
        plots: [
          { name: "losses", title: "Loss", svg: lossChart(records) },
          { name: "metrics", title: "Validation", svg: metricChart(records) },
        ],
      },
      ...(await evaluationParts(evaluation, val)),
      await cropsPart(crops, recipe, mined),
    ],
  );
}

/** What the classifier learns from, as it sees it. */
async function cropsPart(
  crops: TrainingCrops,
  recipe: WindowsRecipe,
  { places }: MinedWindows,
): Promise<ReportPart> {
  const batch = await crops.batch(recipe.rounds * recipe.stepsPerRound);
  const mistakes =
    "; of the background, half are mistakes, which scored after a round though they show no object";
  return {
    title: "Data",
    plots: [
      {
        name: "batch",
        title: "Windows to learn from",
        caption: `Half of them around objects${places.length > 0 ? mistakes : ""}.`,
        picture: await sheetOf(batch, recipe),
      },
    ],
  };
}

function sheetOf({ windows, labels }: CropBatch, { classes, window }: WindowsRecipe): Promise<Picture> {
  const { width, height } = window;
  const plane = width * height;
  const data = windows.data as Uint8Array;
  const tiles = labels.map((label, slot) => {
    const picture = { width, height, data: new Uint8Array(3 * plane) };
    for (let i = 0; i < 3 * plane; i++)
      picture.data[i] = data[(3 * slot + (i % 3)) * plane + Math.floor(i / 3)];
    return { picture, caption: label === 0 ? "–" : classes[label - 1] };
  });
  return contactSheet(tiles, { columns: 16, tileWidth: width, tileHeight: height });
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "–";
}
