import type { ChartSize } from "./chart-size.ts";
import { lineChart } from "./line-chart.ts";

/** Errors of one net, as shares of what they are normalised by; `Infinity` for what was not found. */
export interface ErrorList {
  name: string;
  errors: readonly number[];
}

/** How to draw cumulative errors. */
export interface CumulativeErrorOptions extends ChartSize {
  /** Largest error that is shown. Default 0.1. */
  limit?: number;
}

/** Draws the share of things whose error is at most x as SVG: the curve of cumulative errors (300-W). */
export function cumulativeErrorChart(
  lists: readonly ErrorList[],
  { limit = 0.1, ...size }: CumulativeErrorOptions = {},
): string {
  const series = lists
    .filter(({ errors }) => errors.length > 0)
    .map(({ name, errors }) => ({ name, points: stepsOf(errors, limit), dots: false, exact: true }));
  const ticks = Array.from({ length: 6 }, (_, i) => {
    const at = (i * limit) / 5;
    return { at, text: `${Number((100 * at).toPrecision(3))} %` };
  });
  return lineChart(
    {
      title: "Cumulative errors",
      xLabel: "normalised mean error",
      yLabel: "share of pictures",
      xRange: [0, limit],
      yRange: [0, 1],
      xTicks: ticks,
      series,
      ...(series.length > 0 && { markers: [{ x: 0.08 }] }),
    },
    { width: 560, height: 400, ...size },
  );
}

/** Corners of the steps up to the limit. */
function stepsOf(errors: readonly number[], limit: number): [number, number][] {
  const sorted = [...errors].sort((a, b) => a - b);
  const points: [number, number][] = [[0, 0]];
  let share = 0;
  for (const [i, error] of sorted.entries()) {
    if (error > limit) break;
    points.push([error, share]);
    share = (i + 1) / sorted.length;
    points.push([error, share]);
  }
  points.push([limit, share]);
  return points;
}
