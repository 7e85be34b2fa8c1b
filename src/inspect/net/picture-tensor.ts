import type { Tensor } from "../../core/index.ts";
import type { Picture } from "../../image/index.ts";
import type { PixelConvention } from "../../models/index.ts";

/** The order of a picture tensor's axes. */
export interface PictureLayout {
  channels: number;
  width: number;
  height: number;
  /** `[N, H, W, C]` instead of `[N, C, H, W]`. */
  channelsLast: boolean;
}

/** A picture of the layout's size as the net's numbers, one picture's worth of elements. */
export function toNetValues(
  { data }: Picture,
  layout: PictureLayout,
  { scale, mean, deviation, bgr }: PixelConvention,
): Float32Array {
  const { channels, width, height, channelsLast } = layout;
  const area = width * height;
  const values = new Float32Array(channels * area);
  for (let channel = 0; channel < channels; channel++) {
    const source = bgr ? 2 - channel : channel;
    for (let i = 0; i < area; i++) {
      const byte = channels === 1 ? luma(data, 3 * i) : data[3 * i + source];
      const value = ((byte / 255) * scale - mean[channel]) / deviation[channel];
      values[channelsLast ? i * channels + channel : channel * area + i] = value;
    }
  }
  return values;
}

/** How bright red, green and blue are (ITU-R BT.601). */
export const LUMA: readonly [number, number, number] = [0.299, 0.587, 0.114];

/** Brightness of a pixel. */
function luma(data: Uint8Array, at: number): number {
  return LUMA[0] * data[at] + LUMA[1] * data[at + 1] + LUMA[2] * data[at + 2];
}

/** A picture of numbers from 0 to 255 (bytes or floats), for people to see. */
export function toPixels({ data }: Tensor, layout: PictureLayout): Picture {
  const { channels, width, height, channelsLast } = layout;
  const area = width * height;
  const pixels = new Uint8Array(3 * area);
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) {
      const channel = Math.min(c, channels - 1);
      const value = Number(data[channelsLast ? i * channels + channel : channel * area + i]);
      pixels[3 * i + c] = Math.max(0, Math.min(255, Math.round(value)));
    }
  }
  return { width, height, data: pixels };
}

/** The layout of a tensor of pictures, where it is one: 1 or 3 channels, first or last. */
export function layoutOf(dims: readonly number[]): PictureLayout | undefined {
  if (dims.length !== 4) return undefined;
  const [, a, b, c] = dims;
  if (a === 3 || a === 1) return { channels: a, height: b, width: c, channelsLast: false };
  if (c === 3 || c === 1) return { channels: c, height: a, width: b, channelsLast: true };
  return undefined;
}

/** The shape of a batch of pictures. */
export function shapeOfLayout(
  { channels, width, height, channelsLast }: PictureLayout,
  batch: number,
): number[] {
  return channelsLast ? [batch, height, width, channels] : [batch, channels, height, width];
}
