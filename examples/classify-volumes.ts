/**
 * A classifier of volumes, from a data set that is in memory and not in files: npx tsx examples/classify-volumes.ts
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Classifier, trainClassifier } from "fovea/classify";
import type { ClassificationDataset, ClassifiedArray } from "fovea/data";
import { Random } from "fovea/graph";

const SIDE = 16;
/** Whether a point, relative to the centre and in units of the radius, lies in a solid that stands upright. */
const solids: Record<string, (x: number, y: number, z: number) => boolean> = {
  ball: (x, y, z) => Math.hypot(x, y, z) < 1,
  cone: (x, y, z) => Math.abs(z) < 1 && Math.hypot(x, y) < (1 - z) / 2,
  cylinder: (x, y, z) => Math.abs(z) < 1 && Math.hypot(x, y) < 0.7,
  ring: (x, y, z) => Math.hypot(Math.hypot(x, y) - 0.7, z) < 0.3,
};
const classes = Object.keys(solids);
const random = new Random(1);

/** A solid of any size anywhere in a cube, its axis the last one, with stray voxels. */
function draw(name: string): Uint8Array {
  const radius = random.uniform(5, 7);
  const centre = [0, 1, 2].map(() => random.uniform(radius, SIDE - radius));
  return Uint8Array.from({ length: SIDE ** 3 }, (_, i) => {
    const at = [Math.floor(i / SIDE ** 2), Math.floor(i / SIDE) % SIDE, i % SIDE];
    const [x, y, z] = at.map((place, axis) => (place + 0.5 - centre[axis]) / radius);
    return solids[name](x, y, z) !== random.chance(0.02) ? 1 : 0;
  });
}

function examples(count: number): ClassifiedArray[] {
  return Array.from({ length: count }, (_, i) => {
    const classIndex = i % classes.length;
    return { id: `${i}`, classIndex, values: draw(classes[classIndex]) };
  });
}

const data: ClassificationDataset = {
  kind: "volumes",
  shape: [1, SIDE, SIDE, SIDE], // channels, depth, height, width
  classes,
  splits: { train: examples(240), val: examples(40), test: [] },
  root: "drawn solids",
  splitSource: "files",
  problems: [],
  fingerprint: "solids",
};
const folder = await mkdtemp(join(tmpdir(), "classify-volumes-"));
const run = await trainClassifier({ data, out: join(folder, "run"), epochs: 30 });

const classifier = await Classifier.load(run.best);
let right = 0;
for (const { classIndex, values } of examples(200)) {
  if ((await classifier.classifyValues(values)).classIndex === classIndex) right++;
}
console.log(`${right} of 200 new solids are recognised`);
assert(right >= 190, "at least 190 of 200 new solids must be recognised");
await classifier.close();
await rm(folder, { recursive: true });
