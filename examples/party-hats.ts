/**
 * A paper hat on every head, as large and as leaning as the head is:
 * npx tsx examples/party-hats.ts [picture] [result.png]
 */
import assert from "node:assert/strict";
import { type Face, FaceFinder } from "fovea/face";
import { decodePicture, type Picture, savePicture } from "fovea/image";

type Point = readonly [x: number, y: number];

const [source = "node_modules/@vladmandic/face-api/demo/sample5.jpg", out] = process.argv.slice(2);
const finder = await FaceFinder.load();
const picture = await decodePicture(source);
const faces = await finder.find(picture);
await finder.close();

/** Corners of a face's hat: left and right of its brim, and the tip. Lengths are widths of the head. */
function hatOf(face: Face): [Point, Point, Point] {
  const [left, right] = [face.points[0], face.points[16]]; // where the jaw meets the ears
  const across: Point = [right[0] - left[0], right[1] - left[1]];
  const up: Point = [across[1], -across[0]];
  const middle: Point = [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2];
  const at = (a: number, u: number): Point => [
    middle[0] + a * across[0] + u * up[0],
    middle[1] + a * across[1] + u * up[1],
  ];
  return [at(-0.4, 0.5), at(0.4, 0.5), at(0, 1.6)];
}

/** Which side of the line from a to b a point lies on, and how far, as twice an area. */
function side(a: Point, b: Point, [x, y]: Point): number {
  return (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]);
}

/** Paints a hat with stripes that run around it; returns how many pixels it covers. */
function paintHat({ width, height, data }: Picture, [left, right, tip]: [Point, Point, Point]): number {
  const area = side(left, right, tip);
  const xs = [left[0], right[0], tip[0]];
  const ys = [left[1], right[1], tip[1]];
  let painted = 0;
  for (let y = Math.max(0, Math.floor(Math.min(...ys))); y < Math.min(height, Math.max(...ys)); y++) {
    for (let x = Math.max(0, Math.floor(Math.min(...xs))); x < Math.min(width, Math.max(...xs)); x++) {
      const here: Point = [x + 0.5, y + 0.5];
      const toTip = side(left, right, here) / area; // 0 at the brim, 1 at the tip
      const isInside = toTip >= 0 && side(right, tip, here) / area >= 0 && side(tip, left, here) / area >= 0;
      if (!isInside) continue;
      data.set(Math.floor(toTip * 6) % 2 === 0 ? [214, 40, 57] : [250, 220, 90], 3 * (y * width + x));
      painted++;
    }
  }
  return painted;
}

const painted = faces.map((face) => paintHat(picture, hatOf(face)));
if (out) await savePicture(picture, out);
console.log(`${faces.length} hats, of ${painted.join(", ")} pixels${out ? `, in ${out}` : ""}`);

if (process.argv.length <= 2) {
  assert.equal(faces.length, 5);
  for (const [i, face] of faces.entries()) {
    const [left, right, tip] = hatOf(face);
    const [x1, y1, x2] = face.box;
    assert.ok(tip[1] < left[1] && tip[1] < right[1], "hats point upwards");
    assert.ok(
      Math.max(left[1], right[1]) < Math.min(...face.points.slice(36, 48).map(([, y]) => y)),
      "a brim is above the eyes",
    );
    assert.ok(
      tip[0] > x1 - (x2 - x1) / 2 && tip[0] < x2 + (x2 - x1) / 2 && left[1] > y1 - (x2 - x1),
      "and on its head",
    );
    assert.ok(painted[i] > 100);
  }
}
