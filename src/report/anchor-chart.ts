import type { BoxShape } from "../geometry/index.ts";
import { classColor } from "../image/index.ts";
import type { ChartSize } from "./chart-size.ts";
import { formatNumber } from "./format-number.ts";
import { type LineSeries, linePanel } from "./line-chart.ts";
import type { Panel } from "./panel.ts";
import { renderPanels } from "./render-panels.ts";
import { scatterPanel } from "./scatter-chart.ts";

/**
 * Draws anchors among the box shapes that they stand for as SVG: the shapes coloured by their anchor, each
 * anchor as a rectangle from the origin, and the anchors about a common centre.
 *
 * @param shapes widths and heights in any unit, [N]
 * @param anchors in the same unit, [A]
 * @param assignments index of each shape's anchor, [N]
 */
export function anchorChart(
  shapes: readonly BoxShape[],
  anchors: readonly BoxShape[],
  assignments: ArrayLike<number>,
  size: ChartSize = {},
): string {
  const panels = [shapesPanel(shapes, anchors, assignments), anchorsPanel(anchors)];
  return renderPanels(panels, { width: 960, height: 460, columns: 2, ...size });
}

function shapesPanel(
  shapes: readonly BoxShape[],
  anchors: readonly BoxShape[],
  assignments: ArrayLike<number>,
): Panel {
  const members: BoxShape[][] = anchors.map(() => []);
  for (const [i, shape] of shapes.entries()) members[assignments[i]]?.push(shape);
  const points = scatterPanel({
    title: "Box shapes by anchor",
    xLabel: "width",
    yLabel: "height",
    series: anchors.map((_, a) => ({ name: `anchor ${a + 1}`, points: members[a] })),
    legend: "none",
  });
  if (points.series.length === 0) return points;
  const outlines = linePanel({
    series: anchors.map((anchor, a) => outline(anchor, a, [0, 0])),
    legend: "none",
  });
  return { ...points, series: [...points.series, ...outlines.series] };
}

/** The anchors to one scale. */
function anchorsPanel(anchors: readonly BoxShape[]): Panel {
  const extent = anchors.reduce((most, [width, height]) => Math.max(most, width, height), 0);
  const range: [number, number] | undefined =
    Number.isFinite(extent) && extent > 0 ? [-0.55 * extent, 0.55 * extent] : undefined;
  const panel = linePanel({
    title: "Anchors, width × height",
    xLabel: "width",
    yLabel: "height",
    xRange: range,
    yRange: range,
    series: anchors.map((anchor, a) => outline(anchor, a, [-anchor[0] / 2, -anchor[1] / 2])),
    legend: "right",
  });
  return { ...panel, square: true };
}

/** The rectangle of an anchor whose corner lies at `origin`. */
function outline([width, height]: BoxShape, index: number, [x, y]: readonly [number, number]): LineSeries {
  return {
    name: `${formatNumber(width)} × ${formatNumber(height)}`,
    points: [
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
      [x, y],
    ],
    color: classColor(index),
    dots: false,
  };
}
