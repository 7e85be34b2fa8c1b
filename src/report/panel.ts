import type { AxisTick } from "./axis-tick.ts";

/** One mark in a panel: a line, a set of bars, points or cells. */
export interface PanelSeries {
  /** Name in the legend; without one it is not listed there. */
  label?: string;
  color: string;
  /** ECharts' option of the series; its own types would ask those who use the library for the DOM's. */
  option: { readonly type?: string; readonly [name: string]: unknown };
}

/** An axis of numbers, or of categories where there are any. */
export interface PanelAxis {
  label?: string;
  categories?: readonly string[];
  /** Only every n-th category is named; by default as many as there is room for. */
  nameEvery?: number;
  /** Degrees to turn the names of categories by. Default 0. */
  rotate?: number;
  /** First and last number of the axis; without them they follow from the data. */
  range?: readonly [number, number];
  /** Where numbers stand and what is written there, for axes of transformed numbers; by default evenly spaced ones. */
  ticks?: readonly AxisTick[];
  /** Share of the data's extent to leave free above it, where there is no range. Default 0. */
  headroom?: number;
  /** Whether only whole numbers are meaningful. */
  integer?: boolean;
  /** Whether a vertical axis starts at the top. */
  inverse?: boolean;
}

/** One coordinate system of a chart, with what is drawn in it. A panel without series says so. */
export interface Panel {
  title?: string;
  /** What stands in the place of missing series. Default "no data". */
  empty?: string;
  x: PanelAxis;
  y: PanelAxis;
  series: readonly PanelSeries[];
  /** Where names are listed; by default at the top where there are any. */
  legend?: "top" | "right" | "none";
  /** Value of the strongest colour, for heat maps. */
  heatMax?: number;
  /** Whether the drawing area is as wide as high. */
  square?: boolean;
}

/** A rectangle in pixels. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}
