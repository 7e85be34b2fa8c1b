import { Resvg } from "@resvg/resvg-js";
import type { Random } from "../../core/index.ts";
import type { Picture } from "../../image/index.ts";

/** Draws an SVG document without text: no fonts are looked for, which is what makes it quick. */
export function rasterise(svg: string): { width: number; height: number; rgba: Uint8Array } {
  const image = new Resvg(svg, { font: { loadSystemFonts: false } }).render();
  return { width: image.width, height: image.height, rgba: image.pixels };
}

/** The scene as a camera would take it: a little blurred, with noise. */
export function photograph(svg: string, random: Random): Picture {
  const { width, height, rgba } = rasterise(svg);
  const data = blurred(rgba, width, height, random.uniform(0, 0.2));
  addNoise(data, random.uniform(0.5, 4.5), random);
  return { width, height, data };
}

/** Drops alpha and convolves with [share, 1 − 2·share, share] in both directions; edges are repeated. */
function blurred(rgba: Uint8Array, width: number, height: number, share: number): Uint8Array {
  const rows = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const left = (x > 0 ? pixel - 1 : pixel) * 4;
      const right = (x < width - 1 ? pixel + 1 : pixel) * 4;
      for (let c = 0; c < 3; c++)
        rows[pixel * 3 + c] =
          rgba[pixel * 4 + c] * (1 - 2 * share) + (rgba[left + c] + rgba[right + c]) * share;
    }
  const data = new Uint8Array(width * height * 3);
  const stride = width * 3;
  for (let y = 0; y < height; y++) {
    const above = y > 0 ? -stride : 0;
    const below = y < height - 1 ? stride : 0;
    for (let i = y * stride; i < (y + 1) * stride; i++)
      data[i] = rows[i] * (1 - 2 * share) + (rows[i + above] + rows[i + below]) * share + 0.5;
  }
  return data;
}

/** Values in the table that noise is taken from. */
const noiseSize = 4096;

/** Adds normally distributed noise to brightness, from a table read at random places. */
function addNoise(data: Uint8Array, deviation: number, random: Random): void {
  const table = Int16Array.from({ length: noiseSize }, () => Math.round(random.normal(0, deviation)));
  let state = random.integer(0x7fffffff) | 1;
  for (let i = 0; i < data.length; i += 3) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0; // Numerical Recipes' generator: fast, good enough for grain
    const noise = table[state >>> 20];
    for (let c = 0; c < 3; c++) data[i + c] = Math.min(255, Math.max(0, data[i + c] + noise));
  }
}
