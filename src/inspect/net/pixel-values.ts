import { FoveaError } from "../../core/index.ts";

/** How bytes become a net's numbers: value = (byte · scale − mean) / deviation, for each channel. */
export interface PixelValues {
  scale: number;
  mean: readonly [number, number, number];
  deviation: readonly [number, number, number];
  /** Blue first. */
  bgr?: boolean;
}

const even = (value: number) => [value, value, value] as const;

/** The usual ways by which nets are fed. */
export const pixelConventions: Readonly<Record<string, PixelValues>> = {
  unit: { scale: 1 / 255, mean: even(0), deviation: even(1) },
  signed: { scale: 1 / 255, mean: even(0.5), deviation: even(0.5) },
  byte: { scale: 1, mean: even(0), deviation: even(1) },
  imagenet: { scale: 1 / 255, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  caffe: { scale: 1, mean: [103.939, 116.779, 123.68], deviation: even(1), bgr: true },
};

/** A convention by its name; throws `argument-range`. */
export function pixelValues(name: string): PixelValues {
  if (Object.hasOwn(pixelConventions, name)) return pixelConventions[name];
  throw new FoveaError(
    "argument-range",
    `\`pixels\` (="${name}") must be one of ${Object.keys(pixelConventions).join(", ")}.`,
  );
}
