import type { ChartSize } from "./chart-size.ts";
import type { Area, Panel, PanelSeries } from "./panel.ts";
import { axisOption, axisRoom } from "./panel-axis.ts";
import { layoutLegend } from "./panel-legend.ts";
import { renderOption } from "./render-option.ts";
import { shorten } from "./shorten.ts";
import { textElement } from "./text-element.ts";
import { fontSize, heat, lightInk } from "./theme.ts";

const margin = 16;
const titleHeight = 24;
/** Free above and beside a drawing area, for labels that reach over its ends. */
const overhang = 18;

/** How panels share a chart. */
export interface PanelLayout extends ChartSize {
  /** Panels in a row. Default 1. */
  columns?: number;
  /** Relative heights of the rows. Default all alike. */
  rowHeights?: readonly number[];
  /** Series to list once for all panels, at the top. */
  legend?: readonly PanelSeries[];
}

/** The chart library's option under construction: every component is a list, with one or more of each panel. */
type PanelOption = Record<"graphic" | "grid" | "xAxis" | "yAxis" | "series" | "visualMap", object[]>;

/** Draws panels side by side and below each other as one SVG. Default 760 × 400 pixels. */
export function renderPanels(panels: readonly Panel[], layout: PanelLayout = {}): string {
  const { width = 760, height = 400 } = layout;
  const option: PanelOption = {
    graphic: [],
    grid: [],
    xAxis: [],
    yAxis: [],
    series: [],
    visualMap: [],
  };
  const area = { left: margin, top: margin, width: width - 2 * margin, height: height - 2 * margin };
  const legend = layoutLegend(layout.legend ?? [], area, "top");
  option.graphic.push(...legend.elements);
  const below = legend.height === 0 ? area : cutTop(area, legend.height + margin / 2);
  const areas = divide(panels.length, below, layout);
  for (const [i, panel] of panels.entries()) addPanel(option, panel, areas[i]);
  return renderOption({ ...option }, width, height);
}

function addPanel(option: PanelOption, panel: Panel, area: Area): void {
  if (panel.title !== undefined) option.graphic.push(titleElement(panel.title, area));
  if (panel.series.length === 0) {
    option.graphic.push(noDataElement(panel.empty, area));
    return;
  }
  const body = panel.title === undefined ? area : cutTop(area, titleHeight);
  const place = panel.legend ?? "top";
  const legend =
    place === "none" ? { elements: [], width: 0, height: 0 } : layoutLegend(panel.series, body, place);
  option.graphic.push(...legend.elements);
  const plot = plotArea(panel, {
    ...(place === "top" ? cutTop(body, legend.height) : body),
    width: body.width - (place === "right" ? legend.width : 0),
  });
  const index = option.grid.length;
  option.grid.push({ ...plot, outerBoundsMode: "none" });
  option.xAxis.push({ gridIndex: index, ...axisOption(panel.x, "x") });
  option.yAxis.push({ gridIndex: index, ...axisOption(panel.y, "y") });
  if (panel.heatMax !== undefined) {
    option.visualMap.push({
      show: false,
      min: 0,
      max: panel.heatMax,
      inRange: { color: [heat.color], colorAlpha: [...heat.opacity] },
      seriesIndex: panel.series.map((_, i) => option.series.length + i),
    });
  }
  for (const { option: series } of panel.series) {
    option.series.push({ silent: true, ...series, xAxisIndex: index, yAxisIndex: index });
  }
}

/** What axes leave of a panel for drawing. */
function plotArea({ x, y, square = false }: Panel, { left, top, width, height }: Area): Area {
  const room = { left: axisRoom(y, "y"), bottom: axisRoom(x, "x") };
  const plot = {
    left: left + room.left,
    top: top + overhang,
    width: Math.max(1, width - room.left - overhang),
    height: Math.max(1, height - room.bottom - overhang),
  };
  if (!square) return plot;
  const side = Math.min(plot.width, plot.height);
  return { ...plot, width: side, height: side };
}

/** Areas of `count` panels, row by row. */
function divide(count: number, area: Area, layout: PanelLayout): Area[] {
  const { columns = 1 } = layout;
  const rows = Math.ceil(count / columns);
  const { rowHeights = new Array<number>(rows).fill(1) } = layout;
  const total = rowHeights.reduce((sum, share) => sum + share, 0);
  const width = (area.width - margin * (columns - 1)) / columns;
  const free = area.height - margin * (rows - 1);
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / columns);
    const above = rowHeights.slice(0, row).reduce((sum, share) => sum + share, 0);
    return {
      left: area.left + (i % columns) * (width + margin),
      top: area.top + row * margin + (free * above) / total,
      width,
      height: (free * rowHeights[row]) / total,
    };
  });
}

function cutTop(area: Area, height: number): Area {
  return { ...area, top: area.top + height, height: area.height - height };
}

function titleElement(title: string, { left, top }: Area): object {
  const style = { color: lightInk.text, size: fontSize.title, bold: true };
  return textElement(shorten(title, 80), left, top + fontSize.title / 2, style);
}

function noDataElement(text = "no data", { left, top, width, height }: Area): object {
  const style = { size: fontSize.title, align: "center" as const };
  return textElement(text, left + width / 2, top + height / 2, style);
}
