import type { PointDataset, PointSample } from "../data/index.ts";
import type { Picture } from "../image/index.ts";
import {
  cumulativeErrorChart,
  lossChart,
  metricChart,
  type ReportPart,
  writeReport,
} from "../report/index.ts";
import type { EpochRecord } from "../train/index.ts";
import type { LandmarkEvaluation } from "./evaluate.ts";
import type { PointScheme } from "./point-schemes.ts";
import { locatedSheet, typicalOf, worstOf } from "./point-sheets.ts";
import type { Recipe } from "./recipe.ts";

/** The report of a training run. */
export async function writeTrainingReport(options: {
  out: string;
  recipe: Recipe;
  dataset: PointDataset;
  records: readonly EpochRecord[];
  evaluation: LandmarkEvaluation;
  /** A training batch with its points. */
  batch: Picture;
}): Promise<string> {
  const { out, recipe, dataset, records, evaluation, batch } = options;
  const { model, head, loss, side, seed, points, scheme } = recipe;
  const { train, val } = dataset.splits;
  const last = records.at(-1);
  const losses = lossChart(records, { losses: ["loss", "position", "heat", "presence"] });
  const metrics = metricChart(records, { metrics: ["auc8", "failureRate8", "nme", "falseAlarms"] });
  return writeReport(
    out,
    {
      title: `Net of ${points} points`,
      subtitle: `${model}, ${head}, ${side}×${side}, loss "${loss}", ${train.length} training and ${val.length} validation pictures of ${dataset.groups} groups, seed ${seed}`,
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
      ...(await evaluationParts([{ name: model, evaluation }], val, scheme)),
      {
        title: "Data",
        plots: [{ name: "batch", title: "A training batch with its points", picture: batch }],
      },
    ],
  );
}

/** One net's figures beside others' of the same pictures. */
export interface NamedEvaluation {
  name: string;
  evaluation: LandmarkEvaluation;
}

/** The report of an evaluation; the first net's pictures are shown. */
export async function writeEvaluationReport(options: {
  out: string;
  title: string;
  subtitle: string;
  samples: readonly PointSample[];
  scheme: PointScheme;
  nets: readonly NamedEvaluation[];
}): Promise<string> {
  const { out, title, subtitle, samples, scheme, nets } = options;
  const parts = await evaluationParts(nets, samples, scheme);
  return writeReport(out, { title, subtitle, summary: figures(nets[0].evaluation) }, parts);
}

function figures(evaluation: LandmarkEvaluation) {
  const { nme, failureRate8, auc8, missed, backgrounds, falseAlarms } = evaluation;
  return [
    { label: "normalised mean error", value: percent(nme) },
    { label: "failures at 8 %", value: percent(failureRate8) },
    { label: "AUC to 8 %", value: auc8.toFixed(3) },
    ...(missed > 0 ? [{ label: "not found", value: missed }] : []),
    ...(backgrounds > 0 ? [{ label: "false alarms", value: percent(falseAlarms) }] : []),
  ];
}

/** What errors are divided by, in words. */
export const normalizerWords: Readonly<Record<LandmarkEvaluation["normalize"], string>> = {
  interocular: "the inter-ocular distance",
  box: "the box's size √(width·height)",
  diagonal: "the box's diagonal",
  picture: "the picture's diagonal",
};

async function evaluationParts(
  nets: readonly NamedEvaluation[],
  samples: readonly PointSample[],
  scheme: PointScheme,
): Promise<ReportPart[]> {
  const [{ evaluation }] = nets;
  const lists = nets.map((net) => ({
    name: `${net.name}, AUC ${net.evaluation.auc8.toFixed(3)}`,
    errors: net.evaluation.errors.map(({ error }) => error),
  }));
  const shown = (list: LandmarkEvaluation["located"]) => locatedSheet(list, samples, evaluation, scheme);
  const title = "Truth (white) and what was found (red), with the error";
  return [
    {
      title: "Errors",
      text: `${evaluation.things} pictures; errors are divided by ${normalizerWords[evaluation.normalize]}.`,
      plots: [{ name: "errors", title: "Cumulative errors", svg: cumulativeErrorChart(lists) }],
      table: {
        columns: ["net", "NME", "median", "failures at 8 %", "failures at 10 %", "AUC to 8 %", "AUC to 10 %"],
        rows: nets.map(({ name, evaluation: e }) => [
          name,
          percent(e.nme),
          percent(e.median),
          percent(e.failureRate8),
          percent(e.failureRate10),
          e.auc8,
          e.auc10,
        ]),
      },
    },
    {
      title: "What it finds",
      plots: [{ name: "found", title, picture: await shown(typicalOf(evaluation.located)) }],
    },
    {
      title: "Worst mistakes",
      plots: [{ name: "mistakes", title, picture: await shown(worstOf(evaluation)) }],
    },
    {
      title: "Points",
      plots: [],
      table: {
        columns: ["point", "pictures", "NME", "errors above 10 %"],
        rows: evaluation.perPoint.map(({ name, count, nme, failureRate10 }) => [
          name,
          count,
          percent(nme),
          percent(failureRate10),
        ]),
      },
    },
  ];
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(2)} %` : "–";
}
