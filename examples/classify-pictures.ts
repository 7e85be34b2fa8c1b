/**
 * A classifier of pictures in folders named after their classes: npx tsx examples/classify-pictures.ts
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Classifier, trainClassifier } from "fovea/classify";
import { Random } from "fovea/graph";
import { type Picture, savePicture } from "fovea/image";

const SIDE = 32;
const shapes: Record<string, (x: number, y: number) => boolean> = {
  cross: (x, y) => Math.min(Math.abs(x), Math.abs(y)) < 0.3 && Math.max(Math.abs(x), Math.abs(y)) < 1,
  disc: (x, y) => Math.hypot(x, y) < 1,
  triangle: (x, y) => y < 0.8 && y > 2.4 * Math.abs(x) - 1,
};
const classes = Object.keys(shapes);
const random = new Random(1);

/** A shape anywhere, of any light colour on any dark one, with noise. */
function draw(name: string): Picture {
  const radius = random.uniform(8, 13);
  const [cx, cy] = [random.uniform(radius, SIDE - radius), random.uniform(radius, SIDE - radius)];
  const dark = [0, 1, 2].map(() => random.uniform(0, 100));
  const light = [0, 1, 2].map(() => random.uniform(150, 250));
  const data = Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % SIDE, Math.floor(i / 3 / SIDE)];
    const hit = shapes[name]((x - cx) / radius, (y - cy) / radius);
    return Math.min(255, Math.max(0, (hit ? light : dark)[i % 3] + random.normal(0, 8)));
  });
  return { width: SIDE, height: SIDE, data };
}

const folder = await mkdtemp(join(tmpdir(), "classify-pictures-"));
for (const name of classes) {
  for (let i = 0; i < 150; i++) await savePicture(draw(name), join(folder, "shapes", name, `${i}.png`));
}
const run = await trainClassifier({
  data: join(folder, "shapes"),
  out: join(folder, "run"),
  batchSize: 32,
  epochs: 25,
});
console.log(`${(100 * run.evaluation!.accuracy).toFixed(1)} % of the validation pictures are recognised`);

const classifier = await Classifier.load(run.best);
let right = 0;
for (let i = 0; i < 300; i++) {
  const name = classes[i % classes.length];
  if ((await classifier.classify(draw(name))).label === name) right++;
}
console.log(`${right} of 300 new pictures are recognised`);
assert(right >= 285, "at least 285 of 300 new pictures must be recognised");
await classifier.close();
await rm(folder, { recursive: true });
