import { type EpochRecord, linesOverEpochs } from "./epoch-record.ts";
import { formatNumber } from "./format-number.ts";
import { type LineMarker, type LineSeries, linePanel } from "./line-chart.ts";
import type { ChartSize } from "./panel.ts";
import { renderPanels } from "./render-panels.ts";
import { accent } from "./theme.ts";

/** Draws validation's figures over the epochs, the best value of the first one marked, and the learning rate below, as SVG. */
export function metricChart(records: readonly EpochRecord[], size: ChartSize = {}): string {
  const series = linesOverEpochs(records, ({ metrics }) => metrics);
  const rates = linesOverEpochs(records, ({ learningRate }) =>
    learningRate === undefined ? undefined : { learningRate },
  );
  const metrics = linePanel({
    title: "Validation",
    xLabel: "epoch",
    xInteger: true,
    xRange: epochRange(records),
    yRange: [0, 1],
    series,
    markers: bestOf(series[0]),
  });
  const learningRate = linePanel({
    title: "Learning rate",
    xLabel: "epoch",
    xInteger: true,
    xRange: epochRange(records),
    series: rates.map((rate) => ({ ...rate, color: accent, unlisted: true })),
  });
  return renderPanels([metrics, learningRate], { height: 520, rowHeights: [5, 3], ...size });
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
