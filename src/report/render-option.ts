import { createRequire } from "node:module";
import type { EChartsCoreOption } from "echarts/core";
import { fontFamily, fontSize, lightInk } from "./theme.ts";

/**
 * ECharts as one file, loaded when the first chart is drawn: its hundreds of modules would cost every start of a command
 * most of a second, and most commands draw none.
 */
function loadECharts(): typeof import("echarts") {
  return createRequire(import.meta.url)("echarts/dist/echarts.min.js");
}

/** Draws an ECharts option as SVG text of the given size in pixels. The same option gives the same text. */
export function renderOption(option: EChartsCoreOption, width: number, height: number): string {
  const chart = loadECharts().init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: lightInk.surface,
      textStyle: { fontFamily, fontSize: fontSize.text, color: lightInk.text },
      ...option,
    });
    return tidy(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

/**
 * Takes out what only a live chart needs (hover styles, pointer marks), numbers ids alike for every chart, and
 * replaces characters that XML forbids. Quotes are escaped in text, so the patterns match attributes only.
 */
function tidy(svg: string): string {
  return svg
    .replace(/<style[^>]*><!\[CDATA\[[\s\S]*?\]\]>\s*<\/style>\n?/g, "")
    .replace(/ (?:class="zr\d+-cls-\d+"|ecmeta_\w+="[^"]*"|pointer-events="visible")/g, "")
    .replace(/(id="|url\(#)zr\d+-/g, "$1chart-")
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\u{fffd}");
}
