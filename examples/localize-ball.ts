/**
 * Where is the ball? One object in a picture, or none: npx tsx examples/localize-ball.ts
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DetectionDataset, type DetectionSample, fingerprintDataset } from "fovea/data";
import { iou } from "fovea/geometry";
import { Random } from "fovea/graph";
import { type Picture, savePicture } from "fovea/image";
import { Localizer, trainLocalizer } from "fovea/localize";

const SIDE = 64;
const random = new Random(1);

/** A striped ground, and on it a ball or, in one of four pictures, none. */
function draw(): { picture: Picture; boxes: DetectionSample["boxes"] } {
  const radius = random.uniform(7, 16);
  const [cx, cy] = [random.uniform(radius, SIDE - radius), random.uniform(radius, SIDE - radius)];
  const isThere = random.chance(0.75);
  const [stripes, shift, ball] = [random.uniform(3, 9), random.uniform(0, 9), random.uniform(180, 250)];
  const data = Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % SIDE, Math.floor(i / 3 / SIDE)];
    const distance = Math.hypot(x + 0.5 - cx, y + 0.5 - cy) / radius;
    const ground = 90 + 40 * Math.sin((x + y + shift) / stripes) + random.normal(0, 8);
    const shaded = [ball, ball * 0.5, 40][i % 3] * (1 - 0.4 * distance);
    return Math.min(255, Math.max(0, isThere && distance < 1 ? shaded : ground));
  });
  const box = [cx - radius, cy - radius, cx + radius, cy + radius] as const;
  return { picture: { width: SIDE, height: SIDE, data }, boxes: isThere ? [{ classIndex: 0, box }] : [] };
}

const folder = await mkdtemp(join(tmpdir(), "localize-ball-"));
const samples: DetectionSample[] = [];
for (let i = 0; i < 250; i++) {
  const { picture, boxes } = draw();
  const path = join(folder, `${i}.png`);
  await savePicture(picture, path);
  samples.push({ id: `${i}`, path, width: SIDE, height: SIDE, boxes });
}
const classes = ["ball"];
const splits = { train: samples.slice(0, 200), val: samples.slice(200), test: [] };
const data: DetectionDataset = {
  root: folder,
  format: "yolo",
  classes,
  splits,
  splitSource: "files",
  problems: [],
  fingerprint: fingerprintDataset({ classes, splits }),
};
const run = await trainLocalizer({ data, out: join(folder, "run"), size: SIDE, batchSize: 8, epochs: 16 });
console.log(`mean IoU ${run.evaluation!.meanIou.toFixed(2)} on the validation pictures`);

const localizer = await Localizer.load(run.best);
let [right, overlaps, balls] = [0, 0, 0];
for (let i = 0; i < 200; i++) {
  const { picture, boxes } = draw();
  const { present, box } = await localizer.localize(picture);
  if (present === boxes.length > 0) right++;
  if (boxes.length === 0) continue;
  balls++;
  overlaps += iou(box, boxes[0].box);
}
console.log(
  `${right} of 200 new pictures: ball or none; mean IoU ${(overlaps / balls).toFixed(2)} on ${balls} balls`,
);
assert(right >= 180, "at least 180 of 200 new pictures must be told from background");
assert(overlaps / balls >= 0.65, "the boxes of new balls must overlap by .65 in the mean");
await localizer.close();
await rm(folder, { recursive: true });
