import type { Picture } from "../../image/index.ts";

/**
 * The colour spaces that pictures are segmented in: `rgb`; `hsv`; `lab`; `rgI`, normalised red and green with
 * intensity; `hue` alone; `grey`.
 */
export type ColourSpace = "rgb" | "hsv" | "lab" | "rgI" | "hue" | "grey";

/** A picture as planes of one channel each, every number in [0, 255]. */
export interface Planes {
  readonly width: number;
  readonly height: number;
  /** `[channels][height × width]`. */
  readonly channels: readonly Float32Array[];
}

type Pixel = (r: number, g: number, b: number, at: number, out: readonly Float32Array[]) => void;

const spaces: Readonly<Record<ColourSpace, { channels: number; pixel: Pixel }>> = {
  rgb: {
    channels: 3,
    pixel(r, g, b, at, [x, y, z]) {
      x[at] = r;
      y[at] = g;
      z[at] = b;
    },
  },
  hsv: {
    channels: 3,
    pixel(r, g, b, at, [h, s, v]) {
      const most = Math.max(r, g, b);
      h[at] = hueOf(r, g, b);
      s[at] = most === 0 ? 0 : (255 * (most - Math.min(r, g, b))) / most;
      v[at] = most;
    },
  },
  lab: {
    channels: 3,
    pixel(r, g, b, at, [l, a, bb]) {
      const [red, green, blue] = [linear[r], linear[g], linear[b]];
      const x = labCurve(0.433953 * red + 0.376219 * green + 0.189828 * blue); // over the white point of D65
      const y = labCurve(0.212671 * red + 0.71516 * green + 0.072169 * blue);
      const z = labCurve(0.017758 * red + 0.109477 * green + 0.872766 * blue);
      l[at] = 2.55 * (116 * y - 16);
      a[at] = 500 * (x - y) + 128;
      bb[at] = 200 * (y - z) + 128;
    },
  },
  rgI: {
    channels: 3,
    pixel(r, g, b, at, [red, green, intensity]) {
      const sum = r + g + b;
      red[at] = sum === 0 ? 85 : (255 * r) / sum; // black is grey, too: a third of each
      green[at] = sum === 0 ? 85 : (255 * g) / sum;
      intensity[at] = sum / 3;
    },
  },
  hue: {
    channels: 1,
    pixel(r, g, b, at, [h]) {
      h[at] = hueOf(r, g, b);
    },
  },
  grey: {
    channels: 1,
    pixel(r, g, b, at, [intensity]) {
      intensity[at] = 0.299 * r + 0.587 * g + 0.114 * b;
    },
  },
};

/** The picture's channels in a colour space. */
export function toPlanes({ width, height, data }: Picture, space: ColourSpace): Planes {
  const { channels: count, pixel } = spaces[space];
  const channels = Array.from({ length: count }, () => new Float32Array(width * height));
  for (let at = 0, byte = 0; at < width * height; at++, byte += 3) {
    pixel(data[byte], data[byte + 1], data[byte + 2], at, channels);
  }
  return { width, height, channels };
}

/** Hue once around as 0 to 255, red at 0; greys have the hue 0. */
function hueOf(r: number, g: number, b: number): number {
  const most = Math.max(r, g, b);
  const chroma = most - Math.min(r, g, b);
  if (chroma === 0) return 0;
  const sixths = most === r ? (g - b) / chroma : most === g ? 2 + (b - r) / chroma : 4 + (r - g) / chroma;
  return (255 / 6) * (sixths < 0 ? sixths + 6 : sixths);
}

/** sRGB's bytes as light, 0 to 1 (IEC 61966-2-1). */
const linear = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

/** Steps of the table of CIE Lab's curve: fine enough for a hundredth of a unit of L. */
const CURVE_STEPS = 1 << 16;

const curve = Float32Array.from({ length: CURVE_STEPS + 2 }, (_, i) => {
  const light = i / CURVE_STEPS;
  return light > 216 / 24389 ? Math.cbrt(light) : (light * 24389) / 27 / 116 + 16 / 116;
});

function labCurve(light: number): number {
  return curve[(light * CURVE_STEPS + 0.5) | 0];
}
