import { classColor } from "../image/index.ts";
import type { ChartSize } from "./chart-size.ts";
import { type LineMarker, type LineSeries, lineChart } from "./line-chart.ts";

/** Distances of labelled pairs. */
export interface DistanceHistogram {
  /** Of same pairs, and of different ones; those that are not finite are left out. */
  same: ArrayLike<number>;
  different: ArrayLike<number>;
  /** Up to which pairs are taken for the same, marked where given. */
  threshold?: number;
  title?: string;
}

const BINS = 60;

/**
 * Draws how the distances of same and of different pairs are spread as SVG, each kind in shares of its own pairs: there are
 * often many more of one.
 */
export function distanceHistogramChart(histogram: DistanceHistogram, size: ChartSize = {}): string {
  const { threshold = Number.NaN, title = "Distances of the pairs" } = histogram;
  const kinds = [
    { name: "same", distances: finite(histogram.same), color: classColor(2) },
    { name: "different", distances: finite(histogram.different), color: classColor(0) },
  ].filter(({ distances }) => distances.length > 0);
  const range = rangeOf([...kinds.map(({ distances }) => distances), finite([threshold])]);
  const series = kinds.map(({ name, distances, color }): LineSeries => {
    const points = outline(distances, range);
    const count = distances.length.toLocaleString("en-US");
    return { name: `${name} (${count})`, points, color, width: 1.5, dots: false, filled: true };
  });
  const markers: LineMarker[] = Number.isFinite(threshold)
    ? [{ x: threshold, label: `threshold ${threshold.toFixed(3)}` }]
    : [];
  return lineChart(
    { title, xLabel: "distance", yLabel: "share of the pairs", xRange: range, series, markers },
    { width: 760, height: 380, ...size },
  );
}

function finite(distances: ArrayLike<number>): number[] {
  return Array.from(distances).filter(Number.isFinite);
}

/** Ends in tenths; distances begin at 0 unless there are negative ones. */
function rangeOf(groups: readonly (readonly number[])[]): [number, number] {
  let [low, high] = [0, 0.1];
  for (const group of groups) {
    for (const distance of group) {
      low = Math.min(low, distance);
      high = Math.max(high, distance);
    }
  }
  return [Math.floor(low * 10) / 10, Math.ceil(high * 10) / 10];
}

/** The steps of a histogram as a line. */
function outline(distances: readonly number[], [low, high]: readonly [number, number]): [number, number][] {
  const counts = new Array<number>(BINS).fill(0);
  for (const distance of distances) {
    counts[Math.min(BINS - 1, Math.floor(((distance - low) / (high - low)) * BINS))]++;
  }
  const edge = (i: number) => low + (i / BINS) * (high - low);
  const steps = counts.flatMap((count, i): [number, number][] => [
    [edge(i), count / distances.length],
    [edge(i + 1), count / distances.length],
  ]);
  return [[low, 0], ...steps, [high, 0]];
}
