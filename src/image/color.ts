import { FoveaError } from "../core/index.ts";
import type { Rgb } from "./picture.ts";

/**
 * A colour for a class, as `#rrggbb`. The first twelve are picked to be told apart at a glance; after them
 * the hue goes on by the golden angle while lightness alternates, so no index is ever without a colour of its own.
 *
 * @param index whole number ≥ 0
 */
export function classColor(index: number): string {
  if (index < CLASS_COLORS.length) return CLASS_COLORS[index];
  const turn = index - CLASS_COLORS.length;
  return toHex(oklchToRgb(LIGHTNESSES[turn % LIGHTNESSES.length], 0.16, turn * GOLDEN_ANGLE + 10));
}

const CLASS_COLORS = [
  "#f0323c", // red
  "#1e78e6", // blue
  "#1eaa46", // green
  "#ff961e", // orange
  "#a03cd2", // violet
  "#00c8d2", // cyan
  "#f046c8", // magenta
  "#ffdc28", // yellow
  "#8c5a32", // brown
  "#aad71e", // lime
  "#14788c", // petrol
  "#ffaab4", // rose
];
// Four, because hues come close after 5, 8, 13, 21, … turns: mostly at another lightness.
const LIGHTNESSES = [0.7, 0.55, 0.82, 0.62];
const GOLDEN_ANGLE = 180 * (3 - Math.sqrt(5));

/** Above this relative luminance black text is chosen; eyes prefer white on saturated colours of medium lightness. */
const LIGHT_GROUND = 0.3;

/** Black or white, whichever reads better on the colour, by its relative luminance (WCAG 2). */
export function readableOn(color: string): "#000000" | "#ffffff" {
  const [r, g, b] = parseColor(color).map((value) => toLinear(value / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > LIGHT_GROUND ? "#000000" : "#ffffff";
}

/**
 * Reads `#rgb` and `#rrggbb`.
 *
 * @throws `color-invalid`
 */
export function parseColor(color: string): Rgb {
  if (!/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(color)) {
    throw new FoveaError("color-invalid", `\`color\` (="${color}") must look like "#f80" or "#ff8800".`);
  }
  const digits = color.length === 4 ? color.replace(/[^#]/g, "$&$&") : color;
  const channel = (start: number) => Number.parseInt(digits.slice(start, start + 2), 16);
  return [channel(1), channel(3), channel(5)];
}

function toHex(rgb: Rgb): string {
  return `#${rgb.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** OKLCH (lightness 0 to 1, chroma, hue in degrees) to sRGB, clipped to what a screen can show (Ottosson 2020). */
function oklchToRgb(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    toByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    toByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** sRGB's transfer curve (IEC 61966-2-1), from light to 0..255. */
function toByte(linear: number): number {
  const light = Math.min(1, Math.max(0, linear));
  return Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));
}

/** Its inverse, from 0..1 to light. */
function toLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
