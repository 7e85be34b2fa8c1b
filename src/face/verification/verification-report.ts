import { basename, join } from "node:path";
import { writeOutput } from "../../core/index.ts";
import {
  detChart,
  distanceHistogramChart,
  type ReportPart,
  recordsToCsv,
  rocChart,
  writeReport,
} from "../../report/index.ts";
import type { EncodedPicture } from "./encode-pictures.ts";
import type { VerificationEvaluation } from "./evaluate-pairs.ts";
import { verificationFigures } from "./evaluation-figures.ts";
import type { PairList } from "./read-pairs.ts";
import { worstPairsSheet } from "./worst-pairs.ts";

/** What a report of an evaluation is made of. */
export interface VerificationReportOptions {
  /** Folder that it is written to. */
  out: string;
  list: PairList;
  evaluation: VerificationEvaluation;
  /** The list's pictures, by path. */
  encoded: ReadonlyMap<string, EncodedPicture>;
}

/**
 * Writes `report.html` with curves, folds and the worst mistakes, `pairs.csv` with every pair's distance, and
 * `evaluation.json` with the figures.
 * @returns the report's path
 * @throws FoveaError `output-unwritable`
 */
export async function writeVerificationReport(options: VerificationReportOptions): Promise<string> {
  const { out, list, evaluation } = options;
  const figures = JSON.stringify({ list: list.path, ...verificationFigures(evaluation) }, null, 2);
  await writeOutput(join(out, "evaluation.json"), `${figures}\n`);
  await writeOutput(join(out, "pairs.csv"), pairsCsv(evaluation));
  const { encoder, mirror, jitter, pairs, pictures } = evaluation;
  const subtitle = `${pairs.length} pairs of ${pictures} pictures, encoder ${encoder.name}${jitter > 0 ? `, averaged over ${jitter} jittered copies` : mirror ? ", averaged with mirror images" : ""}`;
  const head = { title: `Verification of ${basename(list.path)}`, subtitle, summary: summaryOf(evaluation) };
  return writeReport(out, head, [
    curvesPart(evaluation),
    foldsPart(evaluation),
    looksPart(evaluation),
    ...(await mistakesPart(options)),
  ]);
}

function summaryOf({ protocol, eer, auc, tarAtFar, withoutFace }: VerificationEvaluation) {
  return [
    { label: "accuracy", value: `${percent(protocol.accuracy)} ± ${percent(protocol.standardError)}` },
    { label: "equal error rate", value: percent(eer.rate) },
    ...tarAtFar
      .filter(({ tar }) => !Number.isNaN(tar))
      .map(({ far, tar }) => ({ label: `TAR at FAR ${far}`, value: percent(tar) })),
    { label: "AUC", value: auc.toFixed(5) },
    { label: "pairs without a face", value: withoutFace },
  ];
}

function curvesPart({ roc, eer, best, pairs }: VerificationEvaluation): ReportPart {
  const distancesOf = (kind: boolean) =>
    pairs.filter(({ same }) => same === kind).map(({ distance }) => distance);
  const histogram = { same: distancesOf(true), different: distancesOf(false), threshold: best.threshold };
  return {
    title: "Same and different pairs",
    text: "A pair is matched where its distance is at most the threshold. The rates of false matches and of misses below are those of all pairs, at every threshold; the marked one judges most pairs rightly.",
    plots: [
      { name: "distances", title: "Distances", svg: distanceHistogramChart(histogram) },
      { name: "roc", title: "Matches by false matches", svg: rocChart([roc], { log: true }) },
      { name: "det", title: "Misses by false matches", svg: detChart([{ ...roc, eer: eer.rate }]) },
    ],
  };
}

function foldsPart({ protocol, tarAtFar }: VerificationEvaluation): ReportPart {
  const untold = tarAtFar.filter(({ tar }) => Number.isNaN(tar));
  const { accuracy, std, standardError, folds } = protocol;
  return {
    title: "Folds",
    text: [
      `Each fold is judged by the threshold that is best for the others: mean accuracy ${percent(accuracy)}, standard deviation ${percent(std)}, standard error of the mean ${percent(standardError)}.`,
      ...untold.map(
        ({ far, needed }) =>
          `The rate at which same pairs are matched at a false-accept rate of ${far} cannot be told from these pairs: it needs ${needed.toLocaleString("en-US")} different ones.`,
      ),
    ].join("\n\n"),
    plots: [],
    table: {
      columns: ["fold", "pairs", "threshold", "accuracy", "false matches", "misses"],
      rows: folds.map((fold) => [
        fold.fold,
        fold.pairs,
        fold.threshold,
        fold.accuracy,
        fold.falseMatches,
        fold.falseNonMatches,
      ]),
    },
  };
}

function looksPart({ looks, withoutFace }: VerificationEvaluation): ReportPart {
  return {
    title: "How faces were found",
    text: `No pair is left out. ${withoutFace === 0 ? "Every picture has a face." : `In ${withoutFace} pairs a picture has no face or cannot be read; they are judged different.`}`,
    plots: [],
    table: {
      columns: ["face found", "pictures"],
      rows: [
        ["at first sight", looks.first],
        ["in the picture amid an empty frame", looks.wider],
        ["by a score below 0.5", looks.faint],
        ["nowhere: central square taken", looks.square],
      ],
    },
  };
}

async function mistakesPart({ list, evaluation, encoded }: VerificationReportOptions): Promise<ReportPart[]> {
  const sheet = await worstPairsSheet(list, evaluation, encoded);
  if (!sheet) return [];
  return [
    {
      title: "Worst mistakes",
      text: `Pairs on the wrong side of ${evaluation.best.threshold.toFixed(3)}, those farthest from it first.`,
      plots: [{ name: "mistakes", title: "Distance, what the pair is, and its pictures", picture: sheet }],
    },
  ];
}

/** Every pair with its distance, which is empty where there is no face. */
function pairsCsv({ pairs, best }: VerificationEvaluation): string {
  return recordsToCsv(
    pairs.map(({ a, b, same, fold, distance }) => ({
      image_a: a,
      image_b: b,
      same: same ? 1 : 0,
      ...(fold === undefined ? {} : { fold }),
      distance: Number.isFinite(distance) ? Number(distance.toFixed(5)) : Number.NaN,
      matched: distance <= best.threshold ? 1 : 0,
    })),
  );
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(2)} %` : "–";
}
