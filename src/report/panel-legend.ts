import { textWidth } from "../image/index.ts";
import type { Area, PanelSeries } from "./panel.ts";
import { shorten } from "./shorten.ts";
import { textElement } from "./text-element.ts";
import { fontSize } from "./theme.ts";

const gap = 16;
const rowHeight = 20;
const iconWidth = 14;
const iconGap = 5;
const longestName = 28;

/** A legend's drawing, and the room it takes of the given area. */
export interface LegendLayout {
  elements: object[];
  width: number;
  height: number;
}

/**
 * Lays out the names of those series that have one: one below the other at the right of the area, or in rows
 * at its top. The chart library's own legend would measure them in another font.
 */
export function layoutLegend(
  series: readonly PanelSeries[],
  area: Area,
  place: "top" | "right",
): LegendLayout {
  const items = series.flatMap(({ label, color, option }) => {
    if (label === undefined) return [];
    const text = shorten(label, longestName);
    const width = iconWidth + iconGap + Math.ceil(textWidth(text, fontSize.text));
    return [{ text, color, width, isLine: option.type === "line" }];
  });
  if (items.length === 0) return { elements: [], width: 0, height: 0 };
  const elements: object[] = [];
  if (place === "right") {
    const width = Math.max(...items.map((item) => item.width));
    const left = area.left + area.width - width;
    for (const [row, item] of items.entries()) {
      elements.push(...drawItem(item, left, area.top + row * rowHeight));
    }
    return { elements, width: width + gap, height: items.length * rowHeight };
  }
  let left = 0;
  let row = 0;
  for (const item of items) {
    if (left > 0 && left + item.width > area.width) {
      left = 0;
      row++;
    }
    elements.push(...drawItem(item, area.left + left, area.top + row * rowHeight));
    left += item.width + gap;
  }
  return { elements, width: area.width, height: (row + 1) * rowHeight };
}

function drawItem(
  { text, color, isLine }: { text: string; color: string; isLine: boolean },
  x: number,
  top: number,
): object[] {
  const y = top + rowHeight / 2;
  const icon = isLine
    ? { type: "rect", shape: { x, y: y - 2, width: iconWidth, height: 4, r: 2 } }
    : { type: "circle", shape: { cx: x + iconWidth / 2, cy: y, r: 4.5 } };
  return [{ ...icon, silent: true, style: { fill: color } }, textElement(text, x + iconWidth + iconGap, y)];
}
