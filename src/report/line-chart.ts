import type { LineSeriesOption } from "echarts/charts";
import { classColor } from "../image/index.ts";
import type { AxisTick } from "./axis-tick.ts";
import type { ChartSize } from "./chart-size.ts";
import type { Panel, PanelSeries } from "./panel.ts";
import { renderPanels } from "./render-panels.ts";
import { fontSize, lightInk } from "./theme.ts";

/** A line through points. */
export interface LineSeries {
  name: string;
  /** By ascending x. A y that is not finite interrupts the line. */
  points: readonly (readonly [x: number, y: number])[];
  /** CSS colour; by default one of the line's own. */
  color?: string;
  /** Pixels. Default 2. */
  width?: number;
  dashed?: boolean;
  /** Whether the area below the line is tinted. */
  filled?: boolean;
  /** Whether points are marked; by default where there are few. */
  dots?: boolean;
  /** Whether the legend leaves it out. */
  unlisted?: boolean;
  /** Whether every point is drawn: for steps, whose corners must not be lost. By default as many as are seen of a smooth line. */
  exact?: boolean;
}

/** A vertical line at a value worth noting. */
export interface LineMarker {
  x: number;
  /** What is written at its top. */
  label?: string;
}

/** What a line chart shows. */
export interface LineChart {
  title?: string;
  xLabel?: string;
  yLabel?: string;
  /** Ends of the axes; by default they follow from the data, y from 0. */
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  /** Whether x counts something. */
  xInteger?: boolean;
  /** Where the axes are named, for transformed numbers; by default at evenly spaced ones. */
  xTicks?: readonly AxisTick[];
  yTicks?: readonly AxisTick[];
  series: readonly LineSeries[];
  markers?: readonly LineMarker[];
  /** Where the names stand. Default "top". */
  legend?: "top" | "right" | "none";
}

const mostDots = 40;
/** Lets areas that lie over each other both be seen. */
const areaOpacity = 0.25;

/** Draws lines over a common x axis as SVG. Lines without any finite point are left out. */
export function lineChart(chart: LineChart, size: ChartSize = {}): string {
  return renderPanels([linePanel(chart)], size);
}

/** The same as a panel of a larger chart. */
export function linePanel(chart: LineChart): Panel {
  const { title, xLabel, yLabel, yRange, xInteger, xTicks, yTicks, legend } = chart;
  const xRange = chart.xRange ?? extent(chart.series);
  const series = chart.series.flatMap((line, index) => lineSeries(line, index));
  if (series.length > 0 && chart.markers !== undefined && chart.markers.length > 0) {
    const last = series[series.length - 1];
    last.option = { ...last.option, markLine: markLine(chart.markers, xRange) };
  }
  return {
    title,
    x: { label: xLabel, range: xRange, integer: xInteger, ticks: xTicks },
    y: { label: yLabel, range: yRange, ticks: yTicks },
    series,
    legend,
  };
}

/** Nothing where no point can be drawn. */
function lineSeries(line: LineSeries, index: number): PanelSeries[] {
  const points = line.points.filter(([x]) => Number.isFinite(x));
  const drawn = points.filter(([, y]) => Number.isFinite(y)).length;
  if (drawn === 0) return [];
  const { width = 2, dashed = false, filled = false, unlisted = false, exact = false } = line;
  const { dots = drawn <= mostDots } = line;
  const color = line.color ?? classColor(index);
  const isGap = (i: number) => !Number.isFinite(points[i]?.[1]);
  const data = points.map(([x, y], i) => {
    if (isGap(i)) return { value: [x, Number.NaN] };
    const alone = isGap(i - 1) && isGap(i + 1);
    return { value: [x, y], symbol: dots || alone ? "circle" : "none" };
  });
  const option: LineSeriesOption = {
    type: "line",
    data,
    ...(exact ? {} : { sampling: "lttb" }),
    symbol: "circle",
    symbolSize: 2 * width + 1,
    itemStyle: { color },
    lineStyle: { color, width, type: dashed ? "dashed" : "solid" },
    ...(filled ? { areaStyle: { color, opacity: areaOpacity } } : {}),
  };
  return [{ label: unlisted ? undefined : line.name, color, option: { ...option } }];
}

/** Smallest and largest x of points to draw; one place to either side of a lone one. */
function extent(series: readonly LineSeries[]): [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { points } of series) {
    for (const [x, y] of points) {
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
      low = Math.min(low, x);
      high = Math.max(high, x);
    }
  }
  if (low > high) return undefined;
  return low === high ? [low - 1, high + 1] : [low, high];
}

/** Labels stand over their lines, but do not reach over the ends of the axis. */
function markLine(
  markers: readonly LineMarker[],
  [low, high]: readonly [number, number] = [0, 1],
): LineSeriesOption["markLine"] {
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: lightInk.muted, width: 1, type: [4, 3] },
    data: markers.map(({ x, label = "" }) => ({
      xAxis: x,
      label: {
        formatter: () => label,
        position: "end",
        align: (x - low) / (high - low) > 0.7 ? "right" : (x - low) / (high - low) < 0.3 ? "left" : "center",
        rotate: 0,
        color: lightInk.text,
        fontSize: fontSize.text,
        textBorderWidth: 0,
      },
    })),
  };
}
