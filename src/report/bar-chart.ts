import { formatNumber } from "./format-number.ts";
import type { ChartSize, Panel, PanelAxis, PanelSeries } from "./panel.ts";
import { renderPanels } from "./render-panels.ts";
import { shorten } from "./shorten.ts";
import { accent, fontSize, lightInk } from "./theme.ts";

/** What a bar chart shows. */
export interface BarChart {
  title?: string;
  /** Names of the axes along which categories and values run. */
  categoryLabel?: string;
  valueLabel?: string;
  /** A bar each; its value is written at its end. Values that are not finite have no bar. */
  bars: readonly { name: string; value: number; color?: string }[];
  /** Whether bars lie, the first at the top; better for long names. */
  horizontal?: boolean;
}

const longestName = 22;
/** More bars than this are not labelled with their values, for lack of room. */
const mostLabelled = 16;

/** Draws one bar for each category as SVG. */
export function barChart(chart: BarChart, size: ChartSize = {}): string {
  return renderPanels([barPanel(chart)], size);
}

/** The same as a panel of a larger chart. */
export function barPanel(chart: BarChart): Panel {
  const { title, categoryLabel, valueLabel, bars, horizontal = false } = chart;
  const names = bars.map(({ name }) => shorten(name, longestName));
  const categories: PanelAxis = { label: categoryLabel, categories: names, inverse: horizontal };
  const values: PanelAxis = {
    label: valueLabel,
    integer: bars.every(({ value }) => Number.isInteger(value)),
  };
  return {
    title,
    x: horizontal ? values : categories,
    y: horizontal ? categories : values,
    series: barSeries(chart.bars, horizontal),
  };
}

function barSeries(bars: BarChart["bars"], horizontal: boolean): PanelSeries[] {
  if (!bars.some(({ value }) => Number.isFinite(value) && value !== 0)) return [];
  const data = bars.map(({ value, color = accent }) => ({
    value: Number.isFinite(value) ? value : "-",
    itemStyle: { color },
  }));
  const label = {
    show: bars.length <= mostLabelled,
    position: horizontal ? ("right" as const) : ("top" as const),
    color: lightInk.muted,
    fontSize: fontSize.text - 1,
    formatter: ({ dataIndex }: { dataIndex: number }) => formatNumber(bars[dataIndex].value),
  };
  return [{ color: accent, option: { type: "bar", data, label, barMaxWidth: 32, barCategoryGap: "25%" } }];
}
