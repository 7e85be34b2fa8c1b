import { cropPicture, type Picture, resizePicture } from "../../image/index.ts";
import type { PictureLayout, PixelBox } from "../net/index.ts";

/** Colours from little to much: dark blue, violet, orange, light yellow. */
const STOPS: readonly (readonly [number, number, number])[] = [
  [12, 8, 60],
  [110, 20, 120],
  [205, 60, 75],
  [250, 150, 30],
  [252, 250, 160],
];
const FOR = [220, 50, 32] as const;
const AGAINST = [0, 90, 220] as const;

/** Below this side a picture is enlarged, so that one sees it. */
const SHOWN_SIDE = 448;

/** A map over a picture of the net's input: values ≥ 0, the largest light yellow, 0 the dimmed picture. */
export function overlayHeat(picture: Picture, map: Float32Array): Picture {
  const largest = map.reduce((a, b) => Math.max(a, b), 0);
  return overlay(picture, (i) => {
    const share = largest > 0 ? Math.max(0, map[i]) / largest : 0;
    return { color: colourAt(share), opacity: 0.15 + 0.6 * share };
  });
}

/** A signed map over a picture: red speaks for the target, blue against it; the strongest percent is full. */
export function overlaySigned(picture: Picture, map: Float32Array): Picture {
  const sizes = Float32Array.from(map, Math.abs).sort();
  const largest = sizes[Math.floor(0.99 * (sizes.length - 1))] || sizes.at(-1) || 1;
  const grey = toGrey(picture);
  return overlay(grey, (i) => {
    const share = Math.max(-1, Math.min(1, map[i] / largest));
    return { color: share > 0 ? FOR : AGAINST, opacity: 0.9 * Math.abs(share) };
  });
}

function overlay(
  { width, height, data }: Picture,
  at: (pixel: number) => { color: readonly [number, number, number]; opacity: number },
): Picture {
  const result = new Uint8Array(data.length);
  for (let i = 0; i < width * height; i++) {
    const { color, opacity } = at(i);
    for (let c = 0; c < 3; c++) {
      result[3 * i + c] = Math.round(data[3 * i + c] * (1 - opacity) + color[c] * opacity);
    }
  }
  return { width, height, data: result };
}

/** Grey and light, so that colours on it are seen. */
function toGrey({ width, height, data }: Picture): Picture {
  const result = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const luma = 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
    result.fill(Math.round(110 + luma * 0.55), i, i + 3);
  }
  return { width, height, data: result };
}

function colourAt(share: number): readonly [number, number, number] {
  const at = share * (STOPS.length - 1);
  const low = Math.min(Math.floor(at), STOPS.length - 2);
  const mixed = STOPS[low].map((value, c) => value + (STOPS[low + 1][c] - value) * (at - low));
  return mixed as unknown as readonly [number, number, number];
}

/** A map brought to another size by linear interpolation between the centres of its places. */
export function enlargeMap(
  map: Float32Array,
  from: { width: number; height: number },
  to: { width: number; height: number },
): Float32Array {
  const place = (at: number, size: number, target: number) => {
    const exact = Math.min(Math.max(((at + 0.5) * size) / target - 0.5, 0), size - 1);
    const low = Math.min(Math.floor(exact), Math.max(0, size - 2));
    return { low, high: Math.min(low + 1, size - 1), share: exact - low };
  };
  const columns = Array.from({ length: to.width }, (_, x) => place(x, from.width, to.width));
  const result = new Float32Array(to.width * to.height);
  for (let y = 0; y < to.height; y++) {
    const row = place(y, from.height, to.height);
    for (const [x, column] of columns.entries()) {
      const along = (line: number) => {
        const start = line * from.width;
        return map[start + column.low] * (1 - column.share) + map[start + column.high] * column.share;
      };
      result[y * to.width + x] = along(row.low) * (1 - row.share) + along(row.high) * row.share;
    }
  }
  return result;
}

/** The sum of a pixel's channels, `[height, width]`. */
export function sumChannels(values: Float32Array, layout: PictureLayout): Float32Array {
  const { channels, width, height, channelsLast } = layout;
  const area = width * height;
  return Float32Array.from({ length: area }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += values[channelsLast ? i * channels + c : c * area + i];
    return sum;
  });
}

/** Means over squares of some pixels: single pixels are too restless to see. */
export function smooth(
  map: Float32Array,
  { width, height }: { width: number; height: number },
): Float32Array {
  const reach = Math.max(1, Math.round(Math.max(width, height) / 150));
  const along = (from: Float32Array, count: number, step: number, lines: number, lineStep: number) => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < count; i++) {
        const [low, high] = [Math.max(0, i - reach), Math.min(count - 1, i + reach)];
        let sum = 0;
        for (let k = low; k <= high; k++) sum += from[line * lineStep + k * step];
        to[line * lineStep + i * step] = sum / (high - low + 1);
      }
    }
    return to;
  };
  return along(along(map, width, 1, height, width), height, width, width, 1);
}

/** Without what was padded around the picture, and large enough to be seen. */
export async function forPeople(picture: Picture, content: PixelBox): Promise<Picture> {
  const cropped = cropPicture(picture, [...content]);
  const scale = SHOWN_SIDE / Math.max(cropped.width, cropped.height);
  if (scale <= 1) return cropped;
  return resizePicture(cropped, Math.round(cropped.width * scale), Math.round(cropped.height * scale));
}
