import type { Picture } from "../../image/index.ts";
import {
  distanceHistogramChart,
  lineChart,
  lossChart,
  metricChart,
  type ReportPart,
  type ReportPlot,
  rocChart,
  scatterChart,
  writeReport,
} from "../../report/index.ts";
import type { EpochRecord } from "../../train/index.ts";
import type { FaceEvaluation } from "./evaluate.ts";
import { hardestPairs } from "./face-sheets.ts";
import type { FaceSet, PreparedFaces } from "./prepare.ts";
import { principalPlane } from "./principal-plane.ts";
import type { FaceRecipe } from "./recipe.ts";

/** People that are shown by name where encodings are drawn as points. */
const SHOWN_PEOPLE = 12;

/** What a run leaves to be told. */
export interface FaceReportOptions {
  out: string;
  recipe: FaceRecipe;
  faces: PreparedFaces;
  records: readonly EpochRecord[];
  /** Figures before training, and of the best model. */
  before: FaceEvaluation;
  evaluation: FaceEvaluation;
  /** A training batch, where it can be drawn. */
  batch?: Picture;
}

/** Writes the report of a training run; returns its path. */
export async function writeFaceReport(options: FaceReportOptions): Promise<string> {
  const { out, recipe, faces, records, before, evaluation, batch } = options;
  const { train, val } = faces;
  const last = records.at(-1);
  const by = recipe.loss === "triplet" ? `triplets (${recipe.mining}, margin ${recipe.margin})` : recipe.loss;
  return writeReport(
    out,
    {
      title: `Encoder of faces, trained by ${by}`,
      subtitle: `${startText(recipe)}, input ${recipe.side}², ${recipe.size} numbers a face; ${train.people.length} people with ${train.faces.length} faces to train, ${val.people.length} others with ${val.faces.length} to measure, seed ${recipe.seed}`,
      summary: [
        { label: "equal error rate", value: percent(evaluation.eer) },
        { label: "before training", value: percent(before.eer) },
        { label: "accuracy", value: percent(evaluation.accuracy) },
        { label: "true accepts at 1 % false", value: percent(evaluation.tarAtFar) },
        { label: "minutes", value: ((last?.seconds ?? 0) / 60).toFixed(1) },
      ],
    },
    [
      trainingPart(records, before),
      miningPart(records, recipe),
      pairsPart(before, evaluation),
      encodingsPart(before, evaluation, val),
      {
        title: "Hardest pairs",
        text: "First those of one person that are farthest apart, then those of two people that are nearest.",
        plots: [
          { name: "hardest", title: "Distance, and who it is", picture: await hardestPairs(evaluation, val) },
        ],
      },
      ...(batch
        ? [{ title: "Data", plots: [{ name: "batch", title: "A training batch", picture: batch }] }]
        : []),
    ],
  );
}

function startText({ start }: FaceRecipe): string {
  if (start.kind === "none") return "a small residual net";
  if (start.kind === "backbone") return `trunk ${start.use.source}`;
  return start.layers === 0 ? `a head on ${start.source}` : `last layers of ${start.source}`;
}

function curve(records: readonly EpochRecord[], figure: string, name: string) {
  const points = records.flatMap((record): [number, number][] =>
    record[figure] === undefined ? [] : [[record.epoch, record[figure]]],
  );
  return { name, points };
}

function trainingPart(records: readonly EpochRecord[], before: FaceEvaluation): ReportPart {
  const all = [{ epoch: 0, eer: before.eer }, ...records];
  const eer = lineChart({
    title: "Equal error rate on people never seen",
    xLabel: "epoch",
    yLabel: "equal error rate",
    xInteger: true,
    series: [curve(all, "eer", "equal error rate")],
    legend: "none",
  });
  const metrics = metricChart(records, { metrics: ["accuracy", "auc", "tarAtFar"] });
  return {
    title: "Training",
    plots: [
      { name: "losses", title: "Loss", svg: lossChart(records) },
      { name: "eer", title: "Equal error rate", caption: "Epoch 0 is before training.", svg: eer },
      { name: "metrics", title: "Validation", svg: metrics },
    ],
  };
}

/** What the mining found, or the head said, over the epochs. */
function miningPart(records: readonly EpochRecord[], { loss, mining }: FaceRecipe): ReportPart {
  const epochs = { xLabel: "epoch", xInteger: true };
  const spread = lineChart({
    title: "Spread of a batch's encodings",
    ...epochs,
    yLabel: "distance to their mean",
    series: [curve(records, "spread", "root mean square")],
    legend: "none",
  });
  const plots: ReportPlot[] = [
    {
      name: "spread",
      title: "Spread",
      caption: "A net that gives all faces the same encoding has none.",
      svg: spread,
    },
  ];
  if (loss !== "triplet") {
    const series = [
      curve(records, "same", "pairs of one person"),
      curve(records, "different", "pairs of two people"),
    ];
    const svg = lineChart({
      title: "What the head says",
      ...epochs,
      yLabel: "probability",
      yRange: [0, 1],
      series,
    });
    return { title: "Pairs in training", plots: [{ name: "said", title: "Probabilities", svg }, ...plots] };
  }
  const active = lineChart({
    title: "Triplets that are not satisfied",
    ...epochs,
    yLabel: "share",
    yRange: [0, 1],
    series: [curve(records, "active", "active")],
    legend: "none",
  });
  const distances = lineChart({
    title: "Squared distances of the triplets",
    ...epochs,
    yLabel: "squared distance",
    series: [
      curve(records, "toPositive", "anchor to positive"),
      curve(records, "toNegative", "anchor to negative"),
    ],
  });
  return {
    title: "Mining",
    text: `Triplets are chosen by ${mining} mining, in batches as they are varied in training.`,
    plots: [
      { name: "active", title: "Active triplets", svg: active },
      { name: "distances", title: "Distances", svg: distances },
      ...plots,
    ],
  };
}

function pairsPart(before: FaceEvaluation, after: FaceEvaluation): ReportPart {
  const histogram = ({ pairs, threshold }: FaceEvaluation, title: string) => {
    const of = (kind: boolean) => pairs.filter(({ same }) => same === kind).map(({ distance }) => distance);
    return distanceHistogramChart({ title, same: of(true), different: of(false), threshold });
  };
  const curves = [
    { ...before.roc, name: "before" },
    { ...after.roc, name: "after" },
  ];
  return {
    title: "Pairs of people never seen",
    plots: [
      { name: "pairs-before", title: "Before", svg: histogram(before, "Distances before training") },
      { name: "pairs", title: "After", svg: histogram(after, "Distances after training") },
      { name: "roc", title: "ROC", svg: rocChart(curves) },
    ],
  };
}

function encodingsPart(before: FaceEvaluation, after: FaceEvaluation, val: FaceSet): ReportPart {
  const counts = val.people.map((_, i) => val.faces.filter(({ person }) => person === i).length);
  const shown = counts
    .map((count, person) => ({ count, person }))
    .sort((a, b) => b.count - a.count)
    .slice(0, SHOWN_PEOPLE);
  const scatter = ({ encodings }: FaceEvaluation, title: string) => {
    const points = principalPlane(encodings);
    const series = shown.map(({ person }) => ({
      name: val.people[person].replaceAll("_", " "),
      points: points.filter((_, i) => val.faces[i].person === person),
    }));
    return scatterChart({ title, xLabel: "first component", yLabel: "second", series, legend: "right" });
  };
  return {
    title: "Encodings",
    text: "The two directions in which the encodings of people never seen spread most; one colour a person.",
    plots: [
      { name: "encodings-before", title: "Before", svg: scatter(before, "Before training") },
      { name: "encodings", title: "After", svg: scatter(after, "After training") },
    ],
  };
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "–";
}
