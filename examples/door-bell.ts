/**
 * A door-bell that knows two people from one picture each, and that the others are strangers:
 * npx tsx examples/door-bell.ts
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  enrollPicture,
  type Face,
  FaceFinder,
  Gallery,
  identificationThreshold,
  identifyFaces,
  readyCalibration,
} from "fovea/face";
import { cropPicture, decodePicture, type Picture, resizePicture, savePicture } from "fovea/image";

const FALSE_ALARMS = 0.001; // one stranger of a thousand may be taken for somebody who lives here

const finder = await FaceFinder.load();
const group = await decodePicture("node_modules/@vladmandic/face-api/demo/sample5.jpg");
const visitors = (await finder.find(group)).sort((a, b) => a.box[0] - b.box[0]);

/** One of the group alone, farther away: another picture of the same person. */
function portrait({ box: [x1, y1, x2, y2] }: Face): Promise<Picture> {
  const [width, height] = [x2 - x1, y2 - y1];
  const head = cropPicture(group, [x1 - width / 2, y1 - height / 2, x2 + width / 2, y2 + height / 2]);
  return resizePicture(head, Math.round(head.width * 0.8), Math.round(head.height * 0.8));
}

const folder = await mkdtemp(join(tmpdir(), "door-bell-"));
const gallery = await Gallery.open(join(folder, "gallery"), { encoder: finder.encoder, create: true });
const residents = { Ann: visitors[0], Bob: visitors[2] };
for (const [name, visitor] of Object.entries(residents)) {
  const file = join(folder, `${name}.png`);
  await savePicture(await portrait(visitor), file);
  await enrollPicture(gallery, finder, name, file, { largest: true });
}

const { faces } = await gallery.stats();
const calibration = readyCalibration(finder.encoder, true)!; // measured on averages with mirror images, as the finder makes them
const { threshold } = identificationThreshold(calibration, FALSE_ALARMS, faces);
const identified = await identifyFaces(gallery, visitors, threshold);
for (const { name, nearest } of identified) {
  console.log(`${name ?? "unknown"}: distance ${nearest[0].distance.toFixed(2)} of ${threshold.toFixed(2)}`);
}
const names = identified.map(({ name }) => name);
assert.deepEqual(names, ["Ann", undefined, "Bob", undefined, undefined]);

await gallery.forget("Ann");
const [again] = await identifyFaces(gallery, visitors, threshold);
assert.equal(again.name, undefined, "who is forgotten is a stranger");

await Promise.all([gallery.close(), finder.close()]);
await rm(folder, { recursive: true });
