import { classColor } from "../image/index.ts";
import { normalQuantile } from "../metrics/index.ts";
import type { AxisTick } from "./axis-tick.ts";
import type { ChartSize } from "./chart-size.ts";
import { type LineSeries, lineChart } from "./line-chart.ts";
import { corners } from "./roc-chart.ts";
import { lightInk } from "./theme.ts";

/** Both errors by the threshold of a distance. */
export interface DetFigures {
  /** What the curve is of, for the legend. */
  name?: string;
  /** Numbers of pairs of each kind. */
  same: number;
  different: number;
  /** Ascending with the threshold; NaN where there are no pairs. */
  falseMatchRate: ArrayLike<number>;
  /** Share of the same pairs that are matched; what is missing to 1 is the other error. */
  trueMatchRate: ArrayLike<number>;
  /** Where both errors are equal, in [0, 1]; marked where given. */
  eer?: number;
}

/** Size of the chart; default 560 × 520 pixels. */
export type DetChartOptions = ChartSize;

/** Rates that the axes may be named at. */
const NAMED = [
  1e-6, 1e-5, 1e-4, 2e-4, 5e-4, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95,
  0.99,
];
/** Where axes end at least. */
const LEAST_END = 0.4;

/**
 * Draws detection error tradeoffs as SVG: same pairs that are missed by different ones that are matched. Both axes are
 * scaled by normal deviates (Martin et al. 1997): normally distributed distances give straight lines, and the nearer to the
 * lower left corner the better. Rates of 0 are drawn at the axes' ends.
 */
export function detChart(curves: readonly DetFigures[], size: DetChartOptions = {}): string {
  const drawn = curves.filter(
    ({ falseMatchRate: f, trueMatchRate: t }) => f[f.length - 1] + t[t.length - 1] === 2,
  );
  const ends = axisEnds(drawn);
  const range = [normalQuantile(ends[0]), normalQuantile(ends[1])] as const;
  const ticks = NAMED.filter((rate) => rate >= ends[0] && rate <= ends[1]).map((rate): AxisTick => {
    return { at: normalQuantile(rate), text: `${Number((100 * rate).toPrecision(3))} %` };
  });
  const lines = drawn.flatMap((curve, i) => linesOf(curve, i, drawn.length, ends));
  const diagonal: LineSeries = {
    name: "equal errors",
    points: [
      [range[0], range[0]],
      [range[1], range[1]],
    ],
    color: lightInk.muted,
    width: 1,
    dashed: true,
    dots: false,
  };
  return lineChart(
    {
      title: "Detection error tradeoff",
      xLabel: "false-match rate",
      yLabel: "false-non-match rate",
      xRange: range,
      yRange: range,
      xTicks: ticks,
      yTicks: ticks,
      series: lines.length > 0 ? [...lines, diagonal] : [],
    },
    { width: 560, height: 520, ...size },
  );
}

/** From below what one pair weighs to beyond the equal errors. */
function axisEnds(curves: readonly DetFigures[]): [low: number, high: number] {
  const pairs = Math.max(10, ...curves.flatMap(({ same, different }) => [same, different]));
  const worst = Math.max(LEAST_END, ...curves.map(({ eer = 0 }) => 1.2 * eer));
  return [
    NAMED.findLast((rate) => rate < 1 / pairs) ?? NAMED[0],
    NAMED.find((rate) => rate >= worst) ?? NAMED[NAMED.length - 1],
  ];
}

/** The curve, and its point of equal errors. */
function linesOf(
  curve: DetFigures,
  index: number,
  count: number,
  [low, high]: readonly [number, number],
): LineSeries[] {
  const { name = "DET", falseMatchRate, trueMatchRate, eer } = curve;
  const color = classColor(index);
  const clipped = (rate: number) => Math.min(Math.max(rate, low), 1 - low);
  const points = corners(falseMatchRate, trueMatchRate).map(([f, t]): [number, number] => [
    normalQuantile(clipped(f)),
    normalQuantile(clipped(1 - t)),
  ]);
  const ofWhich = count > 1 ? `${name}, ` : "";
  const line: LineSeries = { name, points, color, dots: false, exact: true, unlisted: count === 1 };
  if (eer === undefined || Number.isNaN(eer)) return [line];
  const at = normalQuantile(Math.min(Math.max(eer, low), high));
  return [
    { ...line, unlisted: true },
    { name: `${ofWhich}EER ${(100 * eer).toFixed(2)} %`, points: [[at, at]], color, width: 3, dots: true },
  ];
}
