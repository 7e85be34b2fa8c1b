import type { EpochRecord } from "../train/index.ts";
import type { ChartSize } from "./chart-size.ts";
import { lineChart } from "./line-chart.ts";
import { overEpochs } from "./over-epochs.ts";

/** What a loss chart shows. */
export interface LossChartOptions extends ChartSize {
  /** Names of the losses in the records; those that no record has are left out. Default those of a detector. */
  losses?: readonly string[];
}

/** Draws the training loss and its parts over the epochs as SVG. */
export function lossChart(records: readonly EpochRecord[], options: LossChartOptions = {}): string {
  const { losses = ["loss", "objectness", "box", "confidence", "class"], ...size } = options;
  const series = losses.map((name) => ({ name, points: overEpochs(records, name) }));
  return lineChart({ title: "Training loss", xLabel: "epoch", yLabel: "loss", xInteger: true, series }, size);
}
