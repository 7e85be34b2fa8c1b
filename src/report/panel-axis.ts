import { textWidth } from "../image/index.ts";
import type { AxisTick } from "./axis-tick.ts";
import type { PanelAxis } from "./panel.ts";
import { fontSize, lightInk } from "./theme.ts";

const labelSize = fontSize.text - 1;
const labelGap = 8;
/** The widest that `formatTick` writes, such as "-12.5k". */
const tickWidth = 40;
const labelHeight = 14;
const nameHeight = 22;

/** Pixels that the labels and the name of an axis take beside the drawing area. */
export function axisRoom(axis: PanelAxis, side: "x" | "y"): number {
  return labelRoom(axis, side) + (axis.label === undefined ? 0 : nameHeight);
}

/** The chart library's option for an axis. */
export function axisOption(axis: PanelAxis, side: "x" | "y"): object {
  const {
    label,
    categories,
    nameEvery,
    range,
    ticks,
    headroom = 0,
    integer = false,
    inverse = false,
    rotate = 0,
  } = axis;
  const axisLabel = { color: lightInk.muted, fontSize: labelSize, margin: labelGap };
  const common = {
    inverse,
    axisLine: { show: true, onZero: false, lineStyle: { color: lightInk.axis } },
    axisTick: { show: false },
    name: label,
    nameLocation: "middle",
    nameGap: labelRoom(axis, side) + (side === "x" ? 4 : 6),
    nameTextStyle: { color: lightInk.muted, fontSize: fontSize.text },
  };
  if (categories !== undefined) {
    return {
      ...common,
      type: "category",
      data: categories.map((value) => ({ value })),
      splitLine: { show: false },
      axisLabel: { ...axisLabel, rotate, interval: nameEvery === undefined ? "auto" : nameEvery - 1 },
    };
  }
  return {
    ...common,
    type: "value",
    splitLine: { show: true, lineStyle: { color: lightInk.grid } },
    axisLabel: { ...axisLabel, hideOverlap: true, formatter: formatTick },
    ...(range === undefined ? {} : { min: range[0], max: range[1], containShape: false }),
    ...(headroom > 0 ? { boundaryGap: [0, headroom] } : {}),
    ...(integer ? { minInterval: 1 } : {}),
    ...(ticks === undefined ? {} : tickOptions(ticks, axisLabel)),
  };
}

/** Labels and grid lines at places of one's own. */
function tickOptions(ticks: readonly AxisTick[], axisLabel: object): object {
  const customValues = ticks.map(({ at }) => at);
  const textAt = new Map(ticks.map(({ at, text }) => [at, text]));
  return {
    axisLabel: {
      ...axisLabel,
      hideOverlap: true,
      customValues,
      formatter: (at: number) => textAt.get(at) ?? "",
    },
    // Not drawn, but grid lines stand where ticks do.
    axisTick: { show: false, customValues },
  };
}

function labelRoom({ categories, rotate = 0 }: PanelAxis, side: "x" | "y"): number {
  if (categories === undefined) return labelGap + (side === "x" ? labelHeight : tickWidth);
  const widest = categories.reduce((most, name) => Math.max(most, textWidth(name, labelSize)), 0);
  if (side === "y") return labelGap + Math.ceil(widest);
  const angle = (rotate * Math.PI) / 180;
  return labelGap + Math.ceil(Math.sin(angle) * widest + Math.cos(angle) * labelHeight);
}

/** A number of an axis in few characters: 0.25, 12.5k, 3M, 1e-4. */
export function formatTick(value: number): string {
  const magnitude = Math.abs(value);
  const short = (scaled: number) => String(Number(scaled.toPrecision(4)));
  if (magnitude >= 1e9 || (magnitude > 0 && magnitude < 1e-3)) {
    return Number(value.toPrecision(2)).toExponential();
  }
  if (magnitude >= 1e6) return `${short(value / 1e6)}M`;
  if (magnitude >= 1e4) return `${short(value / 1e3)}k`;
  return short(value);
}
