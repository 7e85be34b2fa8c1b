import { classColor } from "../image/index.ts";
import { barPanel } from "./bar-chart.ts";
import type { ChartSize } from "./chart-size.ts";
import type { ConfusionCounts } from "./confusion-counts.ts";
import { renderPanels } from "./render-panels.ts";
import { shorten } from "./shorten.ts";

const longestName = 28;
/** Pixels that one bar takes, and what stands above and below all of them. */
const barHeight = 24;
const surround = 112;

/** A class that is taken for another. */
interface ConfusedPair {
  actual: number;
  predicted: number;
  count: number;
  /** Number of all that are of the actual class. */
  total: number;
}

/**
 * Draws the pairs of classes that are confused most often as lying bars in SVG, each in the colour of the class
 * that is mistaken: how often it is taken for the other, "of" how many there are. It stays readable where a
 * confusion matrix has too many classes.
 *
 * @param most pairs to show, at least 1
 */
export function confusedPairsChart(confusion: ConfusionCounts, most = 20, size: ChartSize = {}): string {
  const { labels } = confusion;
  const pairs = confusedPairs(confusion);
  const shown = pairs.slice(0, most);
  const name = (label: number) => shorten(labels[label], longestName);
  const panel = barPanel({
    title: titleOf(shown.length, pairs.length),
    valueLabel: "mistakes",
    bars: shown.map(({ actual, predicted, count, total }) => ({
      name: `${name(actual)} → ${name(predicted)}`,
      value: count,
      text: `${count} of ${total}`,
      color: classColor(actual),
    })),
    horizontal: true,
    labelled: true,
    longestName: 2 * longestName + 3,
  });
  const allRight = pairs.length === 0 && labels.some((_, k) => confusion.counts[k][k] > 0);
  const empty = allRight ? "no class is taken for another" : undefined;
  return renderPanels([{ ...panel, empty }], {
    width: 900,
    height: surround + barHeight * Math.max(4, shown.length),
    ...size,
  });
}

/** All pairs that occur, the most frequent first; of equally frequent ones those of rarer classes. */
function confusedPairs({ counts }: ConfusionCounts): ConfusedPair[] {
  const pairs: ConfusedPair[] = [];
  for (const [actual, row] of counts.entries()) {
    const total = Array.from(row).reduce((sum, count) => sum + count, 0);
    for (let predicted = 0; predicted < row.length; predicted++) {
      const count = row[predicted];
      if (predicted !== actual && count > 0) pairs.push({ actual, predicted, count, total });
    }
  }
  return pairs.sort((a, b) => b.count - a.count || a.total - b.total);
}

function titleOf(shown: number, all: number): string {
  const which = shown < all ? `The ${shown} most confused of ${all} pairs` : "Confused pairs";
  return `${which}: actual → predicted`;
}
