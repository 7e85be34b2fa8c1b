import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Random } from "../../src/core/index.ts";
import { type Picture, savePicture } from "../../src/image/index.ts";

const SIDE = 64;

/**
 * A data set of drawn faces with three points, left_eye, right_eye and mouth: a disc with two dots and a bar, turned and
 * shifted a little. Every tenth picture has none.
 */
export async function writeTinyFaces(folder: string, count: number): Promise<string> {
  const rows = ["file,left_eye_x,left_eye_y,right_eye_x,right_eye_y,mouth_x,mouth_y,person"];
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    const random = new Random(23, i);
    const data = Uint8Array.from({ length: 3 * SIDE * SIDE }, () => 60 + random.integer(50));
    const picture = { width: SIDE, height: SIDE, data };
    const points = i % 10 === 9 ? ["", "", "", "", "", ""] : drawFace(random, picture);
    await savePicture(picture, join(folder, `${i}.png`));
    rows.push([`${i}.png`, ...points, `person ${i >> 1}`].join(","));
  }
  const file = join(folder, "points.csv");
  await writeFile(file, `${rows.join("\n")}\n`);
  return file;
}

/** Draws a face; returns the coordinates of its points. */
function drawFace(random: Random, picture: Picture): string[] {
  const radius = random.uniform(17, 24);
  const [cx, cy] = [random.uniform(27, 37), random.uniform(27, 37)];
  const angle = random.uniform(-0.4, 0.4);
  const at = (x: number, y: number): [number, number] => [
    cx + radius * (x * Math.cos(angle) - y * Math.sin(angle)),
    cy + radius * (x * Math.sin(angle) + y * Math.cos(angle)),
  ];
  // The person's left is on the right of the picture.
  const [left, right, mouth] = [at(0.42, -0.3), at(-0.42, -0.3), at(0, 0.5)];
  disc(picture, [cx, cy], radius, [230, 190, 150]);
  for (const eye of [left, right]) disc(picture, eye, radius / 7, [20, 20, 60]);
  for (let x = -0.3; x <= 0.3; x += 0.05) disc(picture, at(x, 0.5), radius / 10, [180, 30, 40]);
  return [left, right, mouth].flat().map((value) => value.toFixed(2));
}

function disc({ data }: Picture, [cx, cy]: [number, number], radius: number, colour: number[]): void {
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      if (Math.hypot(x + 0.5 - cx, y + 0.5 - cy) <= radius) data.set(colour, 3 * (y * SIDE + x));
    }
  }
}
