import type { DetectionSample } from "../data/index.ts";

/** Cells along each side of the map of centres. */
const mapSize = 32;

/** How the labelled objects of a data set are distributed. Sizes and places are fractions of the picture. */
export interface LabelStatistics {
  classes: readonly string[];
  /** Number of objects by class. */
  instances: readonly number[];
  /** Number of objects whose centre lies in a cell, by row and column, [32, 32]. */
  centers: readonly ArrayLike<number>[];
  /** Class, width and height of each object. */
  sizes: readonly { classIndex: number; width: number; height: number }[];
  /** Number of pictures by their number of objects, from 0 objects on. */
  objectsPerPicture: readonly number[];
}

/** Counts the labelled objects of pictures; crowds are left out. */
export function labelStatistics(
  samples: readonly DetectionSample[],
  classes: readonly string[],
): LabelStatistics {
  const instances = classes.map(() => 0);
  const centers = Array.from({ length: mapSize }, () => new Uint32Array(mapSize));
  const sizes: { classIndex: number; width: number; height: number }[] = [];
  const objectsPerPicture: number[] = [];
  for (const { boxes, width, height } of samples) {
    const objects = boxes.filter(({ crowd }) => !crowd);
    for (const { classIndex, box } of objects) {
      const [x1, y1, x2, y2] = box;
      instances[classIndex]++;
      const center = { x: (x1 + x2) / 2 / width, y: (y1 + y2) / 2 / height };
      if (Number.isFinite(center.x + center.y)) centers[cellOf(center.y)][cellOf(center.x)]++;
      sizes.push({ classIndex, width: (x2 - x1) / width, height: (y2 - y1) / height });
    }
    while (objectsPerPicture.length <= objects.length) objectsPerPicture.push(0);
    objectsPerPicture[objects.length]++;
  }
  return { classes, instances, centers, sizes, objectsPerPicture };
}

function cellOf(fraction: number): number {
  return Math.min(mapSize - 1, Math.max(0, Math.floor(fraction * mapSize)));
}
