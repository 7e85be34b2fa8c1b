import type { ChartSize } from "./chart-size.ts";
import { confusedPairsChart } from "./confused-pairs-chart.ts";
import type { ConfusionCounts } from "./confusion-counts.ts";
import { heatMapPanel } from "./heat-map.ts";
import { renderPanels } from "./render-panels.ts";
import { shorten } from "./shorten.ts";

const longestName = 18;
/** From this number of labels on, cells are too small for counts, and then for shares. */
const mostWithCounts = 10;
const mostWithShares = 24;
/** Of more labels than this, only the pairs that are confused most are drawn. */
const mostLabels = 100;

/**
 * Draws a confusion matrix as SVG: each cell's colour is its share of the row, that is, of the objects that
 * are of the row's class; the count stands below the share where there is room. Of more than 100 labels the
 * matrix could not be read: then it is the `confusedPairsChart`.
 */
export function confusionChart(confusion: ConfusionCounts, size: ChartSize = {}): string {
  const { labels, counts } = confusion;
  if (labels.length > mostLabels) return confusedPairsChart(confusion, undefined, size);
  const shares = counts.map((row) => {
    const total = Array.from(row).reduce((sum, count) => sum + count, 0);
    return Array.from(row, (count) => count / total);
  });
  const names = labels.map((label) => shorten(label, longestName));
  const cell = cellSize(labels.length);
  const panel = heatMapPanel({
    title: "Confusion, shares of each row",
    x: { label: "predicted", categories: names, nameEvery: 1, rotate: labels.length > 6 ? 45 : 0 },
    y: { label: "actual", categories: names, nameEvery: 1 },
    values: shares,
    max: 1,
    textSize: labels.length > mostWithCounts ? 9 : 12,
    text: textOf(labels.length, shares, counts),
  });
  const extent = Math.max(420, 200 + cell * labels.length);
  return renderPanels([panel], { width: extent + 60, height: extent, ...size });
}

function cellSize(labels: number): number {
  if (labels <= mostWithCounts) return 64;
  return labels <= mostWithShares ? 34 : 14;
}

/** What is written into the cells of a matrix of that size. */
function textOf(
  labels: number,
  shares: readonly (readonly number[])[],
  counts: readonly ArrayLike<number>[],
): ((row: number, column: number) => string) | undefined {
  if (labels > mostWithShares) return undefined;
  const share = (row: number, column: number) => shares[row][column].toFixed(2);
  if (labels > mostWithCounts) return share;
  return (row, column) => `${share(row, column)}\n(${counts[row][column]})`;
}
