import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Random } from "../../../src/core/index.ts";
import { type Picture, savePicture } from "../../../src/image/index.ts";

/** Sides of a drawn person's picture in pixels. */
const WIDTH = 36;
const HEIGHT = 44;

/** Spots that a drawn face may have: every person has another choice of them. */
const PLACES = [0.25, 0.75].flatMap((y) => [0.2, 0.5, 0.8].map((x) => [x, y] as const));

/** How a person looks, whatever the light: dark spots at some places, light ones at others. */
function look(person: number): number[] {
  const random = new Random(person, 0xface);
  return PLACES.map(() => random.uniform(-1, 1));
}

/** One picture of a person: light from anywhere, a little shifted, noise. */
export function drawPerson(person: number, random: Random): Picture {
  const spots = look(person);
  const [shiftX, shiftY] = [random.uniform(-0.02, 0.02), random.uniform(-0.02, 0.02)];
  const [lightX, lightY] = [random.uniform(-25, 25), random.uniform(-25, 25)];
  const level = random.uniform(100, 150);
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [u, v] = [x / WIDTH, y / HEIGHT];
      let value = level + lightX * (u - 0.5) + lightY * (v - 0.5) + random.normal(0, 6);
      for (const [i, [spotX, spotY]] of PLACES.entries()) {
        const square = ((u - spotX - shiftX) ** 2 + (v - spotY - shiftY) ** 2) / 0.11 ** 2;
        value += 60 * spots[i] * Math.exp(-square / 2);
      }
      data.fill(Math.max(0, Math.min(255, value)), 3 * (y * WIDTH + x), 3 * (y * WIDTH + x) + 3);
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

/** Writes pictures of drawn people, `counts[i]` of person i, as `name/number.png`. */
export async function writePeople(folder: string, counts: readonly number[]): Promise<void> {
  for (const [person, count] of counts.entries()) {
    const own = join(folder, `person-${String(person).padStart(2, "0")}`);
    await mkdir(own, { recursive: true });
    for (let i = 0; i < count; i++)
      await savePicture(drawPerson(person, new Random(person, i)), join(own, `${i}.png`));
  }
}
