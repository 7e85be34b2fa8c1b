import { classColor } from "../image/index.ts";
import type { ChartSize } from "./chart-size.ts";
import { type CurveFigure, type EvaluationCurves, figureAt, overThreshold } from "./evaluation-curves.ts";
import { formatNumber } from "./format-number.ts";
import { type LineMarker, type LineSeries, linePanel } from "./line-chart.ts";
import { renderPanels } from "./render-panels.ts";
import { lightInk } from "./theme.ts";

const figures = [
  { figure: "precision", title: "Precision" },
  { figure: "recall", title: "Recall" },
  { figure: "f1", title: "F1" },
] as const;

/** Classes beyond this number are drawn, but not named. */
const mostNamed = 20;

/**
 * Draws precision, recall and F1 over the score threshold as SVG: a thin line for each class, a bold one for
 * their mean, and the threshold of the highest mean F1 marked.
 */
export function thresholdChart(evaluation: EvaluationCurves, size: ChartSize = {}): string {
  const panels = figures.map(({ figure, title }) =>
    linePanel({
      title,
      xLabel: "score threshold",
      xRange: [0, 1],
      yRange: [0, 1],
      series: figureLines(evaluation, figure),
      markers: [bestMarker(evaluation, figure)],
      legend: "none",
    }),
  );
  const legend = panels[panels.length - 1].series;
  return renderPanels(panels, { width: 1080, height: 420, columns: 3, legend, ...size });
}

function figureLines({ perClass, curves }: EvaluationCurves, figure: CurveFigure): LineSeries[] {
  const classes = curves.perClass.map((curve, k) => ({
    name: perClass[k].name,
    points: overThreshold(curve, figure),
    color: classColor(k),
    width: 1,
    unlisted: k >= mostNamed,
  }));
  const mean = { name: "mean", points: overThreshold(curves.mean, figure), color: lightInk.text, width: 3 };
  return [...classes, mean];
}

function bestMarker({ curves, bestThreshold }: EvaluationCurves, figure: CurveFigure): LineMarker {
  const value = formatNumber(figureAt(curves.mean, figure, bestThreshold));
  const prefix = figure === "f1" ? "best F1 " : "";
  return { x: bestThreshold, label: `${prefix}${value} at ${bestThreshold.toFixed(2)}` };
}
