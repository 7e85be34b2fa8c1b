import type { ChartSize } from "./chart-size.ts";
import { formatNumber } from "./format-number.ts";
import { linePanel } from "./line-chart.ts";
import type { Panel, PanelAxis, PanelSeries } from "./panel.ts";
import { renderPanels } from "./render-panels.ts";
import { accent, lightInk } from "./theme.ts";

/** How right a classifier is where it is how sure; `Calibration` of `metrics` is one. */
export interface CalibrationFigures {
  /** Expected calibration error in [0, 1]. */
  ece: number;
  /** Bins of equal width over the confidences 0 … 1, ascending; `accuracy` is NaN where `count` is 0. */
  bins: readonly { low: number; high: number; count: number; accuracy: number }[];
}

/** Lets the diagonal be seen on the bars. */
const barOpacity = 0.7;
/** Pixels of a bar that would be too low to be seen: one of accuracy 0 is not one without predictions. */
const leastHeight = 4;

type Bin = CalibrationFigures["bins"][number];

/**
 * Draws a reliability diagram as SVG: the share of right predictions by confidence beside the diagonal on which a
 * calibrated classifier lies (below it, it is too sure of itself), and how many predictions there are below.
 */
export function calibrationChart({ ece, bins }: CalibrationFigures, size: ChartSize = {}): string {
  const panels = [reliabilityPanel(ece, bins), countsPanel(bins)];
  return renderPanels(panels, { width: 560, height: 620, rowHeights: [7, 3], ...size });
}

function reliabilityPanel(ece: number, bins: readonly Bin[]): Panel {
  const title = `Calibration, ECE ${formatNumber(ece)}`;
  const bars = binBars(bins, ({ count, accuracy }) => (count > 0 ? accuracy : Number.NaN), "accuracy");
  if (bars.length === 0) return { title, x: {}, y: {}, series: [] };
  const diagonal = linePanel({
    xLabel: "confidence",
    yLabel: "accuracy",
    xRange: [0, 1],
    yRange: [0, 1],
    series: [
      {
        name: "perfectly calibrated",
        points: [
          [0, 0],
          [1, 1],
        ],
        color: lightInk.text,
        dashed: true,
        dots: false,
      },
    ],
  });
  return { ...diagonal, title, series: [...bars, ...diagonal.series] };
}

function countsPanel(bins: readonly Bin[]): Panel {
  const x: PanelAxis = { label: "confidence", range: [0, 1] };
  const y: PanelAxis = { label: "predictions", integer: true };
  return { x, y, series: binBars(bins, ({ count }) => (count > 0 ? count : Number.NaN)) };
}

/** A bar over each bin that has a value; nothing where no value is finite. */
function binBars(bins: readonly Bin[], heightOf: (bin: Bin) => number, label?: string): PanelSeries[] {
  const data = bins.map((bin) => {
    const value = heightOf(bin);
    return { value: [(bin.low + bin.high) / 2, Number.isFinite(value) ? value : "-"] };
  });
  if (data.every(({ value }) => value[1] === "-")) return [];
  const itemStyle = { color: accent, opacity: barOpacity, borderColor: lightInk.surface, borderWidth: 1 };
  const option: PanelSeries["option"] = {
    type: "bar",
    data,
    itemStyle,
    barCategoryGap: 0,
    barMinHeight: leastHeight,
  };
  return [{ label, color: accent, option }];
}
