import { FoveaError } from "../core/index.ts";

/** How pixels become a net's numbers: (scale · x − mean) / deviation for each channel, x in 0…1. */
export interface PixelConvention {
  scale: number;
  mean: readonly [number, number, number];
  deviation: readonly [number, number, number];
  /** Channels in the order blue, green, red; mean and deviation too. */
  bgr?: boolean;
}

const zero = [0, 0, 0] as const;
const one = [1, 1, 1] as const;

/** The conventions that a file's author may have followed, by name. */
export const pixelConventions: Readonly<Record<string, PixelConvention>> = {
  "0-1": { scale: 1, mean: zero, deviation: one },
  "-1-1": { scale: 2, mean: one, deviation: one },
  "0-255": { scale: 255, mean: zero, deviation: one },
  /** torchvision's classifiers. */
  imagenet: { scale: 1, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  /** Nets that were trained in Caffe, such as the original VGG. */
  caffe: { scale: 255, mean: [103.939, 116.779, 123.68], deviation: one, bgr: true },
};

/** A convention by its name; throws `pixels-unknown`. */
export function pixelConventionNamed(name: string): PixelConvention {
  if (Object.hasOwn(pixelConventions, name)) return pixelConventions[name];
  throw new FoveaError(
    "pixels-unknown",
    `Pixel convention "${name}" is not known; choose one of ${Object.keys(pixelConventions).join(", ")}.`,
  );
}

/** ONNX's own words for a picture's range (`Image.NominalPixelRange`) as names of ours. */
const nominalRanges: Readonly<Record<string, string>> = {
  Normalized_0_1: "0-1",
  Normalized_1_1: "-1-1",
  NominalRange_0_255: "0-255",
};

/**
 * The convention that a file follows: the one that is asked for, or that its metadata state by name under `fovea.pixels`
 * or by ONNX's `Image.NominalPixelRange`, or the usual one. Whichever: channels are blue first where the metadata say so
 * (`Image.BitmapPixelFormat`).
 *
 * @throws FoveaError `pixels-unknown`
 */
export function pixelConventionOf(
  metadata: Readonly<Record<string, string>>,
  asked: string | undefined,
  usual: string,
): PixelConvention & { name: string } {
  const own = metadata["fovea.pixels"]?.replaceAll('"', "");
  const stated =
    own && Object.hasOwn(pixelConventions, own)
      ? own
      : nominalRanges[metadata["Image.NominalPixelRange"] ?? ""];
  const name = asked ?? stated ?? usual;
  const convention = pixelConventionNamed(name);
  const isBlueFirst = metadata["Image.BitmapPixelFormat"]?.toLowerCase().startsWith("bgr");
  if (!isBlueFirst || convention.bgr) return { name, ...convention };
  const { scale, mean, deviation } = convention;
  return {
    name: `${name}, blue first`,
    scale,
    mean: reversed(mean),
    deviation: reversed(deviation),
    bgr: true,
  };
}

function reversed([red, green, blue]: readonly [number, number, number]): [number, number, number] {
  return [blue, green, red];
}
