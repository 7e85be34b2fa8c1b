import { classColor } from "../image/index.ts";
import { barPanel } from "./bar-chart.ts";
import type { ChartSize } from "./chart-size.ts";
import { renderPanels } from "./render-panels.ts";
import { shorten } from "./shorten.ts";

/** How well a class is recognized; a `ClassificationClassResult` of `metrics` is one. */
export interface ClassRecall {
  name: string;
  /** Number of its examples. */
  count: number;
  /** Share of them that are recognized, in [0, 1]; NaN without examples. */
  recall: number;
}

/** Of more classes than this, only the worst are shown. */
const mostClasses = 30;
const longestName = 26;
/** Pixels that one bar takes, and what stands above and below all of them. */
const barHeight = 22;
const surround = 112;

/**
 * Draws the recall of each class, that is, the share of its examples that is recognized, as lying bars in SVG,
 * the worst first; of more than 30 classes only the 30 worst. Classes without examples are left out.
 *
 * @param perClass in the order of the classes, which gives their colours
 */
export function classAccuracyChart(perClass: readonly ClassRecall[], size: ChartSize = {}): string {
  const bars = perClass
    .map(({ name, count, recall }, k) => ({
      name: `${shorten(name, longestName)} (${count})`,
      value: recall,
      text: recall.toFixed(3),
      color: classColor(k),
      count,
    }))
    .filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => a.value - b.value || b.count - a.count);
  const shown = bars.slice(0, mostClasses);
  const which =
    shown.length < bars.length ? `the ${shown.length} worst of ${bars.length} classes` : "each class";
  const panel = barPanel({
    title: `Recall of ${which} (number of examples)`,
    valueLabel: "recall",
    valueRange: [0, 1],
    bars: shown,
    horizontal: true,
    labelled: true,
    longestName: Number.POSITIVE_INFINITY,
  });
  const height = surround + barHeight * Math.max(4, shown.length);
  return renderPanels([panel], { width: 760, height, ...size });
}
