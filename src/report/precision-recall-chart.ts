import { classColor } from "../image/index.ts";
import type { ChartSize } from "./chart-size.ts";
import { type EvaluationCurves, overRecall } from "./evaluation-curves.ts";
import { type LineSeries, lineChart } from "./line-chart.ts";
import { shorten } from "./shorten.ts";
import { lightInk } from "./theme.ts";

/** Classes beyond this number are drawn, but not named. */
const mostNamed = 16;
const longestName = 20;

/**
 * Draws interpolated precision over recall at IoU 0.5 as SVG: a line for each class that has objects, a bold
 * one for their mean, average precisions in the legend.
 */
export function precisionRecallChart(evaluation: EvaluationCurves, size: ChartSize = {}): string {
  const { perClass, curves, mAP50 } = evaluation;
  const classes = curves.perClass.map((curve) => overRecall(curve));
  const series: LineSeries[] = classes.map((points, k) => ({
    name: `${shorten(perClass[k].name, longestName)}  ${formatAp(perClass[k].AP50)}`,
    points,
    color: classColor(k),
    width: classes.length > mostNamed ? 1 : 1.5,
    unlisted: k >= mostNamed,
  }));
  const mean: LineSeries = {
    name: `mean  ${formatAp(mAP50)}`,
    points: meanOf(classes),
    color: lightInk.text,
    width: 3,
  };
  return lineChart(
    {
      title: "Precision and recall at IoU 0.5",
      xLabel: "recall",
      yLabel: "precision",
      xRange: [0, 1],
      yRange: [0, 1],
      series: [...series, mean],
      legend: "right",
    },
    { width: 760, height: 460, ...size },
  );
}

/** Mean precision at each recall over the lines that have any; NaN without such a line. */
function meanOf(lines: readonly (readonly (readonly [number, number])[])[]): [number, number][] {
  const counted = lines.filter(([first]) => !Number.isNaN(first[1]));
  return Array.from({ length: 101 }, (_, i) => {
    const sum = counted.reduce((total, line) => total + line[i][1], 0);
    return [i / 100, sum / counted.length];
  });
}

function formatAp(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : "–";
}
