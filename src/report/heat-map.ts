import type { HeatmapSeriesOption } from "echarts/charts";
import type { Panel, PanelAxis } from "./panel.ts";
import { heat, lightInk, textOnHeat } from "./theme.ts";

/** What a heat map shows. */
export interface HeatMap {
  title?: string;
  x: PanelAxis;
  /** Runs downwards. */
  y: PanelAxis;
  /** Values ≥ 0 by row and column, [rows, columns]; cells of 0 or not finite stay empty. */
  values: readonly ArrayLike<number>[];
  /** Value of the strongest colour; by default the largest. */
  max?: number;
  /** What is written into a cell; by default nothing. */
  text?: (row: number, column: number) => string;
  /** Size of that text in pixels. */
  textSize?: number;
}

/** Cells coloured by their values, as a panel. */
export function heatMapPanel(map: HeatMap): Panel {
  const cells = map.values.flatMap((values, row) =>
    Array.from(values, (value, column) => ({ row, column, value })).filter(
      ({ value }) => Number.isFinite(value) && value > 0,
    ),
  );
  const max = map.max ?? cells.reduce((most, { value }) => Math.max(most, value), 0);
  const data = cells.map(({ row, column, value }) => ({
    value: [column, row, value],
    label: {
      show: map.text !== undefined,
      color: textOnHeat(value / max),
      fontSize: map.textSize,
      lineHeight: 15,
      formatter: () => map.text?.(row, column) ?? "",
    },
  }));
  const itemStyle = { borderWidth: 1, borderColor: lightInk.surface };
  const option = { type: "heatmap", data, itemStyle } satisfies HeatmapSeriesOption;
  return {
    title: map.title,
    x: map.x,
    y: { ...map.y, inverse: true },
    series: cells.length === 0 ? [] : [{ color: heat.color, option }],
    heatMax: max,
  };
}
