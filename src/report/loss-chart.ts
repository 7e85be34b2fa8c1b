import { type EpochRecord, linesOverEpochs } from "./epoch-record.ts";
import { lineChart } from "./line-chart.ts";
import type { ChartSize } from "./panel.ts";

/** Draws the parts of the training loss over the epochs as SVG. */
export function lossChart(records: readonly EpochRecord[], size: ChartSize = {}): string {
  const series = linesOverEpochs(records, ({ losses }) => losses);
  return lineChart({ title: "Training loss", xLabel: "epoch", yLabel: "loss", xInteger: true, series }, size);
}
