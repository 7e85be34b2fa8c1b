import type { Random } from "../../core/index.ts";
import type { Rgb } from "../../image/index.ts";

/** A colour written as `#rrggbb`. */
export function hex(text: string): Rgb {
  const value = Number.parseInt(text.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

const list = (...texts: string[]): readonly Rgb[] => texts.map(hex);

/** The colour between two: `a` at share 0, `b` at 1. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

/** A darker tone (share of black, 0–1). */
export function darken(colour: Rgb, share: number): Rgb {
  return mix(colour, black, share);
}

/** A lighter tone (share of white, 0–1). */
export function lighten(colour: Rgb, share: number): Rgb {
  return mix(colour, white, share);
}

/** The colour with each channel moved by up to `amount`. */
export function vary(colour: Rgb, random: Random, amount: number): Rgb {
  const shift = random.uniform(-amount, amount);
  return [
    clamp(colour[0] + shift + random.uniform(-amount, amount) / 3),
    clamp(colour[1] + shift + random.uniform(-amount, amount) / 3),
    clamp(colour[2] + shift + random.uniform(-amount, amount) / 3),
  ];
}

/** The colour as SVG writes it. */
export function css([red, green, blue]: Rgb): string {
  const value = (Math.round(clamp(red)) << 16) | (Math.round(clamp(green)) << 8) | Math.round(clamp(blue));
  return `#${value.toString(16).padStart(6, "0")}`;
}

function clamp(value: number): number {
  return Math.min(255, Math.max(0, value));
}

export const black: Rgb = [0, 0, 0];
export const white: Rgb = [255, 255, 255];
export const tyre: Rgb = hex("#23252b");
export const steel: Rgb = hex("#a9b1ba");
export const glass: Rgb = hex("#33475b");
export const headlamp: Rgb = hex("#fff3c4");
export const tailLamp: Rgb = hex("#d7263d");

export const skins: readonly Rgb[] = list(
  "#f6d3b8",
  "#eab891",
  "#d9a06f",
  "#b97a4b",
  "#8d5a36",
  "#6b4128",
  "#f2c7a8",
  "#c68c5f",
);
export const hairs: readonly Rgb[] = list(
  "#1d1a1a",
  "#3b2620",
  "#5e3a22",
  "#8a5a2b",
  "#c99a4b",
  "#b5482e",
  "#9b9b9f",
  "#e3dccf",
);
export const tops: readonly Rgb[] = list(
  "#d1495b",
  "#edae49",
  "#00798c",
  "#30638e",
  "#f4f1de",
  "#3d405b",
  "#81b29a",
  "#e07a5f",
  "#2a9d8f",
  "#e9c46a",
  "#7b2d5e",
  "#283618",
  "#bc6c25",
  "#b8c0ff",
  "#1d3557",
  "#6c757d",
  "#ef476f",
  "#f8f9fa",
  "#222831",
);
export const bottoms: readonly Rgb[] = list(
  "#2b3a55",
  "#3f4a5a",
  "#1f2329",
  "#5b6b82",
  "#7a6a55",
  "#b39b7d",
  "#41533b",
  "#6d4c41",
  "#8796a8",
);
export const shoes: readonly Rgb[] = list("#1c1c1e", "#4e342e", "#f0f0f0", "#b23a48", "#37474f", "#8d6e63");
export const paints: readonly Rgb[] = list(
  "#c1121f",
  "#e5383b",
  "#f77f00",
  "#fcbf49",
  "#2a6f97",
  "#1d4e89",
  "#61a5c2",
  "#2d6a4f",
  "#74a57f",
  "#f1f3f5",
  "#ced4da",
  "#868e96",
  "#343a40",
  "#191b20",
  "#7f4f24",
  "#5a189a",
  "#d8b08c",
  "#b7094c",
);
export const walls: readonly Rgb[] = list(
  "#c8795a",
  "#d9b48f",
  "#b9a89a",
  "#8f9aa6",
  "#e3d5c0",
  "#a65d4e",
  "#7d8c7c",
  "#cfcfc8",
  "#9c7f73",
  "#d8a48f",
  "#6f7d8c",
  "#e8c99b",
);
export const greens: readonly Rgb[] = list("#4f7f3a", "#3c6e47", "#6a994e", "#588157", "#7f9f4a", "#2f5d3a");
