import type { ScatterSeriesOption } from "echarts/charts";
import { classColor } from "../image/index.ts";
import type { ChartSize } from "./chart-size.ts";
import type { Panel, PanelSeries } from "./panel.ts";
import { renderPanels } from "./render-panels.ts";

/** Points of one kind. */
export interface ScatterSeries {
  name: string;
  /** Points with a coordinate that is not finite are left out. */
  points: readonly (readonly [x: number, y: number])[];
  color?: string;
}

/** What a scatter chart shows. */
export interface ScatterChart {
  title?: string;
  xLabel?: string;
  yLabel?: string;
  /** Ends of the axes; by default they follow from the data and 0. */
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  series: readonly ScatterSeries[];
  legend?: "top" | "right" | "none";
}

/** More points than this are thinned evenly, all series alike: an SVG carries each one. */
const mostPoints = 4_000;

/** Draws points as SVG. */
export function scatterChart(chart: ScatterChart, size: ChartSize = {}): string {
  return renderPanels([scatterPanel(chart)], size);
}

/** The same as a panel of a larger chart. */
export function scatterPanel(chart: ScatterChart): Panel {
  const { title, xLabel, yLabel, xRange, yRange, legend } = chart;
  const finite = chart.series.map((series, index) => ({
    name: series.name,
    color: series.color ?? classColor(index),
    points: series.points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y)),
  }));
  const total = finite.reduce((sum, { points }) => sum + points.length, 0);
  const stride = Math.max(1, total / mostPoints);
  return {
    title,
    x: { label: xLabel, range: xRange },
    y: { label: yLabel, range: yRange },
    series: finite
      .filter(({ points }) => points.length > 0)
      .map((series) => pointSeries(series, total, stride)),
    legend,
  };
}

function pointSeries(series: Required<ScatterSeries>, total: number, stride: number): PanelSeries {
  const { name, color, points } = series;
  const shown = Math.ceil(points.length / stride);
  return {
    label: name,
    color,
    option: {
      type: "scatter",
      data: Array.from({ length: shown }, (_, i) => [...points[Math.floor(i * stride)]]),
      symbolSize: total > 500 ? 4 : 6,
      itemStyle: { color, opacity: total > 500 ? 0.45 : 0.7 },
    } satisfies ScatterSeriesOption,
  };
}
