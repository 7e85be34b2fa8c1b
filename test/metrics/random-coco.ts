import { Random } from "../../src/core/index.ts";
import type { Xywh } from "../../src/geometry/index.ts";
import type { CocoAnnotation, CocoDetection, CocoGroundTruth } from "../../src/metrics/index.ts";

/**
 * A small evaluation with everything that is awkward: image ids out of order, crowds, masks smaller than
 * their boxes, all object sizes, few distinct scores, doubles, mixed-up classes, and one image with more
 * than a hundred detections.
 */
export function randomCoco(seed: number): { truth: CocoGroundTruth; detections: CocoDetection[] } {
  const random = new Random(seed);
  const images = random.shuffle(Array.from({ length: 16 }, (_, i) => 10 + i));
  const categories = [3, 1, 7].map((id) => ({ id, name: `class ${id}` }));
  const annotations: CocoAnnotation[] = [];
  const detections: CocoDetection[] = [];
  const score = () => random.integer(21) / 20;
  for (const imageId of images) {
    for (let object = random.integer(7); object > 0; object--) {
      const side = random.pick([20, 60, 220]);
      const bbox = randomBox(random, side);
      const categoryId = random.pick(categories).id;
      const area = bbox[2] * bbox[3] * random.pick([1, 0.75, 0.5]);
      annotations.push({ imageId, categoryId, bbox, area, iscrowd: random.chance(0.1) });
      for (let copy = random.pick([0, 1, 1, 2, 4]); copy > 0; copy--) {
        const shift = random.pick([0, 1, 3]);
        const [x, y, width, height] = bbox.map((value) => value + random.integer(2 * shift + 1) - shift);
        detections.push({
          imageId,
          categoryId: random.chance(0.9) ? categoryId : random.pick(categories).id,
          bbox: [x, y, Math.max(1, width), Math.max(1, height)],
          score: score(),
        });
      }
    }
  }
  for (let extra = 0; extra < 130; extra++) {
    detections.push({ imageId: images[0], categoryId: 1, bbox: randomBox(random, 90), score: score() });
  }
  return { truth: { images, categories, annotations }, detections: random.shuffle(detections) };
}

function randomBox(random: Random, side: number): Xywh {
  return [random.integer(300), random.integer(300), 1 + random.integer(side), 1 + random.integer(side)];
}
