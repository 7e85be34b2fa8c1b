import { classColor } from "../image/index.ts";
import { barPanel } from "./bar-chart.ts";
import type { ChartSize } from "./chart-size.ts";
import { heatMapPanel } from "./heat-map.ts";
import type { LabelStatistics } from "./label-statistics.ts";
import type { Panel } from "./panel.ts";
import { renderPanels } from "./render-panels.ts";
import { scatterPanel } from "./scatter-chart.ts";

/** Of more classes than this, only the most frequent ones are shown. */
const mostClasses = 16;
/** More numbers of objects than this are grouped. */
const mostCounts = 24;

/**
 * Draws how the labels of a data set are distributed as SVG: objects of each class, their centres, their
 * widths and heights, and how many there are in a picture.
 */
export function labelStatisticsChart(statistics: LabelStatistics, size: ChartSize = {}): string {
  const panels = [
    instancesPanel(statistics),
    centersPanel(statistics),
    sizesPanel(statistics),
    objectsPerPicturePanel(statistics),
  ];
  return renderPanels(panels, { width: 960, height: 760, columns: 2, ...size });
}

function instancesPanel({ classes, instances }: LabelStatistics): Panel {
  const bars = classes.map((name, k) => ({ name, value: instances[k], color: classColor(k) }));
  const all = bars.length <= mostClasses;
  return barPanel({
    title: all
      ? "Objects of each class"
      : `Objects of the ${mostClasses} most frequent of ${bars.length} classes`,
    valueLabel: "objects",
    bars: all ? bars : bars.sort((a, b) => b.value - a.value).slice(0, mostClasses),
    horizontal: true,
  });
}

function centersPanel({ centers }: LabelStatistics): Panel {
  const categories = centers.map((_, i) => String(i / centers.length));
  const across = { categories, nameEvery: Math.ceil(centers.length / 4) };
  return heatMapPanel({
    title: "Centres of objects",
    x: { ...across, label: "x / picture width" },
    y: { ...across, label: "y / picture height" },
    values: centers,
  });
}

function sizesPanel({ classes, sizes }: LabelStatistics): Panel {
  return scatterPanel({
    title: "Sizes of objects",
    xLabel: "width / picture width",
    yLabel: "height / picture height",
    series: classes.map((name, k) => ({
      name,
      points: sizes.filter(({ classIndex }) => classIndex === k).map(({ width, height }) => [width, height]),
    })),
    legend: "none",
  });
}

function objectsPerPicturePanel({ objectsPerPicture }: LabelStatistics): Panel {
  const group = Math.ceil(objectsPerPicture.length / mostCounts);
  const bars: { name: string; value: number }[] = [];
  for (let first = 0; first < objectsPerPicture.length; first += group) {
    const counts = objectsPerPicture.slice(first, first + group);
    const name = group === 1 ? String(first) : `${first}–${first + group - 1}`;
    bars.push({ name, value: counts.reduce((sum, count) => sum + count, 0) });
  }
  return barPanel({
    title: "Objects in a picture",
    categoryLabel: "objects",
    valueLabel: "pictures",
    bars,
  });
}
