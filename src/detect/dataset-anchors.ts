import { Random } from "../core/index.ts";
import type { DetectionSample } from "../data/index.ts";
import { type AnchorClusters, type BoxShape, kMeansAnchors } from "../geometry/index.ts";

/** The size that pictures are letterboxed to, in pixels. */
export interface InputSize {
  width: number;
  height: number;
}

/** Widths and heights of the labelled boxes in input pixels, or without an input in their pictures' own. */
export function boxShapes(samples: readonly DetectionSample[], input?: InputSize): BoxShape[] {
  return samples.flatMap(({ width, height, boxes }) => {
    const scale = input ? Math.min(input.width / width, input.height / height) : 1;
    return boxes
      .filter(({ crowd }) => !crowd)
      .map(({ box: [x1, y1, x2, y2] }): BoxShape => [(x2 - x1) * scale, (y2 - y1) * scale]);
  });
}

/** Anchors of a data set, with the shapes that they stand for. */
export interface DatasetAnchors extends AnchorClusters {
  /** Box shapes in input pixels, or in those of their pictures. */
  shapes: BoxShape[];
}

/**
 * Anchor shapes of a data set, by k-means with distance 1 − IoU: what a training takes, with the same seed.
 * @param input that they are for; without one they are in the pictures' own pixels
 * @throws FoveaError `anchor-count` where the boxes have fewer than k shapes
 */
export function anchorsFor(
  samples: readonly DetectionSample[],
  input: InputSize | undefined,
  k: number,
  seed: number,
): DatasetAnchors {
  const shapes = boxShapes(samples, input);
  return { ...kMeansAnchors(shapes, k, { random: new Random(seed, 0xa9c) }), shapes };
}

/** As {@link anchorsFor}, with fewer anchors where there are fewer distinct shapes than k. */
export function anchorsUpTo(
  samples: readonly DetectionSample[],
  input: InputSize,
  k: number,
  seed: number,
): DatasetAnchors {
  return anchorsFor(samples, input, Math.min(k, distinctShapes(boxShapes(samples, input))), seed);
}

/** How many of some shapes differ: anchors are shapes that boxes have, there cannot be more of them. */
export function distinctShapes(shapes: readonly BoxShape[]): number {
  return new Set(shapes.map(([width, height]) => `${width} ${height}`)).size;
}
