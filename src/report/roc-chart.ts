import { classColor } from "../image/index.ts";
import { areaUnderRoc } from "../metrics/index.ts";
import type { AxisTick } from "./axis-tick.ts";
import type { ChartSize } from "./chart-size.ts";
import { type LineChart, type LineSeries, lineChart } from "./line-chart.ts";
import { formatTick } from "./panel-axis.ts";
import { lightInk } from "./theme.ts";

/** What happens by the threshold of a distance; `RocCurve` of `metrics` is one. */
export interface RocFigures {
  /** What the curve is of, for the legend. */
  name?: string;
  /** Number of different pairs. */
  different: number;
  /** Ascending with the threshold; NaN where there are no pairs. */
  falseMatchRate: ArrayLike<number>;
  trueMatchRate: ArrayLike<number>;
}

/** How to draw a receiver operating characteristic. */
export interface RocChartOptions extends ChartSize {
  /** Whether the false-match rate is drawn by its logarithm, from the least that the pairs can tell. Default false. */
  log?: boolean;
}

/**
 * Draws receiver operating characteristics as SVG: the share of same pairs that are matched by the share of different ones
 * that are, with the area under each curve.
 */
export function rocChart(curves: readonly RocFigures[], options: RocChartOptions = {}): string {
  const { log = false, ...size } = options;
  const drawn = curves.filter(
    ({ falseMatchRate: f, trueMatchRate: t }) => f[f.length - 1] + t[t.length - 1] === 2,
  );
  const chart = log ? logChart(drawn) : linearChart(drawn);
  const title = drawn.length === 1 ? `ROC, ${area(drawn[0])}` : "ROC";
  return lineChart(
    { title, xLabel: "false-match rate", yLabel: "true-match rate", ...chart },
    { width: 560, height: 460, ...size },
  );
}

function linearChart(curves: readonly RocFigures[]): LineChart {
  const chance: LineSeries = {
    name: "chance",
    points: [
      [0, 0],
      [1, 1],
    ],
    color: lightInk.muted,
    width: 1,
    dashed: true,
    dots: false,
  };
  const lines = curves.map((curve, i) => lineOf(curve, i, curves.length, (rate) => rate));
  return { xRange: [0, 1], yRange: [0, 1], series: lines.length > 0 ? [...lines, chance] : [] };
}

function logChart(curves: readonly RocFigures[]): LineChart {
  const most = Math.max(10, ...curves.map(({ different }) => different));
  // Rates of 0 have no logarithm: they are drawn at the axis' end, below one match of all pairs.
  const first = Math.ceil(-Math.log10(most)) - 1;
  const scale = (rate: number) => Math.max(first, Math.log10(rate));
  const xTicks = Array.from({ length: 1 - first }, (_, i): AxisTick => {
    return { at: first + i, text: formatTick(Number(`1e${first + i}`)) };
  });
  const series = curves.map((curve, i) => lineOf(curve, i, curves.length, scale));
  const lowest = Math.min(...curves.map(matchedAtNoFalseMatch));
  // Good encoders are told apart by their last tenths only.
  const low = lowest >= 0.5 ? Math.floor(lowest * 10) / 10 : 0;
  return { xRange: [first, 0], yRange: [Math.min(low, 0.9), 1], xTicks, series };
}

function lineOf(
  curve: RocFigures,
  index: number,
  count: number,
  scale: (rate: number) => number,
): LineSeries {
  const { name = "ROC", falseMatchRate, trueMatchRate } = curve;
  return {
    name: count > 1 ? `${name}, ${area(curve)}` : name,
    points: corners(falseMatchRate, trueMatchRate).map(([x, y]) => [scale(x), y]),
    color: classColor(index),
    unlisted: count === 1,
    dots: false,
    exact: true,
  };
}

function matchedAtNoFalseMatch({ falseMatchRate, trueMatchRate }: RocFigures): number {
  let i = 0;
  while (falseMatchRate[i + 1] === 0) i++;
  return trueMatchRate[i];
}

/** The points at which a curve of steps turns: thousands of pairs make mostly points between. */
export function corners(x: ArrayLike<number>, y: ArrayLike<number>): [number, number][] {
  const points: [number, number][] = [];
  for (let i = 0; i < x.length; i++) {
    const isStraight =
      i > 0 &&
      i + 1 < x.length &&
      ((x[i - 1] === x[i] && x[i] === x[i + 1]) || (y[i - 1] === y[i] && y[i] === y[i + 1]));
    if (!isStraight) points.push([x[i], y[i]]);
  }
  return points;
}

function area({ falseMatchRate, trueMatchRate }: RocFigures): string {
  return `AUC ${areaUnderRoc({ falseMatchRate, trueMatchRate }).toFixed(4)}`;
}
