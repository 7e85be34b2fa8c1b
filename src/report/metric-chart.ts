import type { EpochRecord } from "../train/index.ts";
import type { ChartSize } from "./chart-size.ts";
import { formatNumber } from "./format-number.ts";
import { type LineMarker, type LineSeries, linePanel } from "./line-chart.ts";
import { overEpochs } from "./over-epochs.ts";
import { renderPanels } from "./render-panels.ts";
import { accent } from "./theme.ts";

/** What a metric chart shows. */
export interface MetricChartOptions extends ChartSize {
  /**
   * Names of validation's figures in the records, each in [0, 1]; those that no record has are left out. Default
   * those of a detector and of a classifier.
   */
  metrics?: readonly string[];
}

const usualMetrics = ["mAP50", "mAP50_95", "accuracy", "top5", "balancedAccuracy"];

/**
 * Draws validation's figures over the epochs as SVG, the best value of the first one that the records have
 * marked, and the learning rate below.
 */
export function metricChart(records: readonly EpochRecord[], options: MetricChartOptions = {}): string {
  const { metrics = usualMetrics, ...size } = options;
  const series = metrics
    .map((name) => ({ name: readable(name), points: overEpochs(records, name) }))
    .filter(({ points }) => points.length > 0);
  const epochs = { xLabel: "epoch", xInteger: true, xRange: epochRange(records) };
  const validation = linePanel({
    title: "Validation",
    ...epochs,
    yRange: [0, 1],
    series,
    markers: bestOf(series[0]),
  });
  const learningRate = linePanel({
    title: "Learning rate",
    ...epochs,
    series: [
      { name: "learning rate", points: overEpochs(records, "learningRate"), color: accent, unlisted: true },
    ],
  });
  return renderPanels([validation, learningRate], { height: 520, rowHeights: [5, 3], ...size });
}

/** `mAP50_95` as "mAP50-95", `balancedAccuracy` as "balanced accuracy", `meanIou` as "mean IoU", `top5` as "top 5". */
function readable(name: string): string {
  return name
    .replaceAll("_", "-")
    .replace(/Iou$/, " IoU")
    .replace(/^top(?=\d)/, "top ")
    .replace(/(?<=[a-z])[A-Z](?=[a-z])/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Both panels show all epochs, so that they can be read against each other. */
function epochRange(records: readonly EpochRecord[]): [number, number] | undefined {
  const epochs = records.map(({ epoch }) => epoch).filter(Number.isFinite);
  if (epochs.length < 2) return undefined;
  return [epochs.reduce((a, b) => Math.min(a, b)), epochs.reduce((a, b) => Math.max(a, b))];
}

function bestOf(line: LineSeries | undefined): LineMarker[] {
  const points = line?.points.filter(([, value]) => Number.isFinite(value)) ?? [];
  if (line === undefined || points.length < 2) return [];
  const [epoch, value] = points.reduce((best, point) => (point[1] > best[1] ? point : best));
  return [{ x: epoch, label: `best ${line.name} ${formatNumber(value)} in epoch ${epoch}` }];
}
