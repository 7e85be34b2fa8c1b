import { FoveaError, tensor } from "../../core/index.ts";
import { add, concat, mul, slice, type Value } from "../../graph/index.ts";

/** What a net expects of its pixels: (scale · x − mean) / deviation for each channel, x in 0…1. */
export interface Normalization {
  scale: number;
  mean: readonly [number, number, number];
  deviation: readonly [number, number, number];
  /** Channels in the order blue, green, red; mean and deviation too. */
  bgr?: boolean;
}

const zero = [0, 0, 0] as const;
const one = [1, 1, 1] as const;

/** The conventions that a file's author may have followed, by name. */
export const normalizations: Readonly<Record<string, Normalization>> = {
  /** torchvision's classifiers. */
  imagenet: { scale: 1, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  "0-1": { scale: 1, mean: zero, deviation: one },
  "0-255": { scale: 255, mean: zero, deviation: one },
  "-1-1": { scale: 2, mean: one, deviation: one },
  /** Nets that were trained in Caffe: the original VGG and SqueezeNet. */
  caffe: { scale: 255, mean: [104, 117, 123], deviation: one, bgr: true },
};

/** A convention by its name; throws `normalization-unknown`. */
export function normalizationNamed(name: string): Normalization {
  const found = normalizations[name];
  if (found) return found;
  throw new FoveaError(
    "normalization-unknown",
    `Normalization "${name}" is not known; choose one of ${Object.keys(normalizations).join(", ")}.`,
  );
}

/** ONNX's own words for a picture's range (`Image.NominalPixelRange`) as names of ours. */
const nominalRanges: Readonly<Record<string, string>> = {
  Normalized_0_1: "0-1",
  Normalized_1_1: "-1-1",
  NominalRange_0_255: "0-255",
};

/**
 * The normalization that a file states in its metadata: by name under `fovea.normalize`, or by ONNX's own properties
 * `Image.NominalPixelRange` and `Image.BitmapPixelFormat`; undefined where it says nothing.
 */
export function statedNormalization(metadata: Readonly<Record<string, string>>): Normalization | undefined {
  const own = metadata["fovea.normalize"]?.replaceAll('"', "");
  if (own && normalizations[own]) return normalizations[own];
  const name = nominalRanges[metadata["Image.NominalPixelRange"] ?? ""];
  if (!name) return undefined;
  const bgr = metadata["Image.BitmapPixelFormat"]?.toLowerCase().startsWith("bgr") ?? false;
  return { ...normalizations[name], bgr };
}

/** Pictures `[N, 3, H, W]` in 0…1 as a net expects them. */
export function normalize(x: Value, { scale, mean, deviation, bgr }: Normalization): Value {
  const ordered = bgr
    ? concat(
        [2, 1, 0].map((channel) => slice(x, 1, channel, channel + 1)),
        1,
      )
    : x;
  const perChannel = (numbers: readonly number[]) => x.graph.constant(tensor(numbers, [1, 3, 1, 1]));
  const factors = deviation.map((d) => scale / d);
  const offsets = mean.map((m, i) => -m / deviation[i]);
  const scaled = factors.every((f) => f === 1) ? ordered : mul(ordered, perChannel(factors));
  return offsets.every((o) => o === 0) ? scaled : add(scaled, perChannel(offsets));
}
