import type { BarSeriesOption } from "echarts/charts";
import type { ChartSize } from "./chart-size.ts";
import { formatNumber } from "./format-number.ts";
import type { Panel, PanelAxis, PanelSeries } from "./panel.ts";
import { renderPanels } from "./render-panels.ts";
import { shorten } from "./shorten.ts";
import { accent, fontSize, lightInk } from "./theme.ts";

/** What a bar chart shows. */
export interface BarChart {
  title?: string;
  /** Names of the axes along which categories and values run. */
  categoryLabel?: string;
  valueLabel?: string;
  /** A bar each; its text, by default its value, is written at its end. Values that are not finite have no bar. */
  bars: readonly { name: string; value: number; color?: string; text?: string }[];
  /** Whether bars lie, the first at the top; better for long names. */
  horizontal?: boolean;
  /** Ends of the axis of values; by default they follow from the data. With them bars of 0 alone are data, too. */
  valueRange?: readonly [number, number];
  /** Whether every bar is named and labelled; by default where there are few. */
  labelled?: boolean;
  /** Characters that a name may have; of longer ones the end is cut off. Default 22. */
  longestName?: number;
}

/** More bars than this are not labelled with their values, for lack of room. */
const mostLabelled = 16;
/** Share of the axis of values that is left free for texts beside lying bars, which are longer than values. */
const textRoom = 0.12;

/** Draws one bar for each category as SVG. */
export function barChart(chart: BarChart, size: ChartSize = {}): string {
  return renderPanels([barPanel(chart)], size);
}

/** The same as a panel of a larger chart. */
export function barPanel(chart: BarChart): Panel {
  const { title, categoryLabel, valueLabel, bars, horizontal = false, longestName = 22 } = chart;
  const names = bars.map(({ name }) => shorten(name, longestName));
  const categories: PanelAxis = {
    label: categoryLabel,
    categories: names,
    inverse: horizontal,
    nameEvery: chart.labelled ? 1 : undefined,
  };
  const values: PanelAxis = {
    label: valueLabel,
    range: chart.valueRange,
    integer: bars.every(({ value }) => Number.isInteger(value)),
    headroom: horizontal && bars.some(({ text }) => text !== undefined) ? textRoom : 0,
  };
  return {
    title,
    x: horizontal ? values : categories,
    y: horizontal ? categories : values,
    series: barSeries(chart),
  };
}

function barSeries({ bars, horizontal = false, valueRange, labelled }: BarChart): PanelSeries[] {
  const isData = (value: number) => Number.isFinite(value) && (value !== 0 || valueRange !== undefined);
  if (!bars.some(({ value }) => isData(value))) return [];
  const data = bars.map(({ value, color = accent }) => ({
    value: Number.isFinite(value) ? value : "-",
    itemStyle: { color },
  }));
  const label = {
    show: labelled ?? bars.length <= mostLabelled,
    position: horizontal ? ("right" as const) : ("top" as const),
    color: lightInk.muted,
    fontSize: fontSize.text - 1,
    formatter: ({ dataIndex }: { dataIndex: number }) =>
      bars[dataIndex].text ?? formatNumber(bars[dataIndex].value),
  };
  const option = {
    type: "bar",
    data,
    label,
    barMaxWidth: 32,
    barCategoryGap: "25%",
  } satisfies BarSeriesOption;
  return [{ color: accent, option }];
}
