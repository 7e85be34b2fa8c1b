import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Random } from "../../src/core/index.ts";
import { encodePicture, type Picture } from "../../src/image/index.ts";
import { npy, npz } from "../data/classified/npy-fixture.ts";

/** Whether a point, relative to the centre and in units of the radius, lies in a shape; and the shape's colour. */
const shapes = {
  cross: {
    inside: (x: number, y: number) => Math.min(Math.abs(x), Math.abs(y)) < 0.3,
    colour: [60, 90, 220],
  },
  disc: { inside: (x: number, y: number) => Math.hypot(x, y) < 1, colour: [220, 60, 50] },
  square: { inside: () => true, colour: [60, 200, 70] },
} as const;

export type Shape = keyof typeof shapes;
export const shapeNames: Shape[] = ["cross", "disc", "square"];

/** A coloured shape somewhere on noisy grey. */
export function drawShape(name: Shape, random: Random, width = 32, height = width): Picture {
  const { inside, colour } = shapes[name];
  const radius = random.uniform(0.2, 0.35) * Math.min(width, height);
  const [cx, cy] = [random.uniform(radius, width - radius), random.uniform(radius, height - radius)];
  const grey = random.uniform(60, 180);
  const data = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [((i % width) - cx) / radius, (Math.floor(i / width) - cy) / radius];
    const hit = Math.abs(x) < 1 && Math.abs(y) < 1 && inside(x, y);
    const noise = random.normal(0, 10);
    for (let c = 0; c < 3; c++)
      data[3 * i + c] = Math.min(255, Math.max(0, (hit ? colour[c] : grey) + noise));
  }
  return { width, height, data };
}

/** A picture of noise. */
export function drawNoise(width: number, height: number, random: Random) {
  const data = Uint8Array.from({ length: 3 * width * height }, () => random.integer(256));
  return { width, height, data };
}

/** Pictures in folders named after their shapes. */
export async function writePictures(
  folder: string,
  { counts = { cross: 12, disc: 12, square: 12 } as Partial<Record<Shape, number>>, seed = 1 } = {},
): Promise<void> {
  const random = new Random(seed);
  for (const [name, count] of Object.entries(counts) as [Shape, number][]) {
    await mkdir(join(folder, name), { recursive: true });
    for (let i = 0; i < count; i++) {
      const file = join(folder, name, `${String(i).padStart(3, "0")}.png`);
      await writeFile(file, await encodePicture(drawShape(name, random), "png"));
    }
  }
}

export const waveNames = ["sine", "square"] as const;
export type Wave = (typeof waveNames)[number];

/** Noisy waves of any phase, smooth or square. */
export function drawWave(name: Wave, random: Random, length = 48): Float32Array {
  const [period, phase] = [random.uniform(14, 20), random.uniform(0, 2 * Math.PI)];
  return Float32Array.from({ length }, (_, t) => {
    const sine = Math.sin((2 * Math.PI * t * (48 / length)) / period + phase);
    return (name === "sine" ? sine : Math.sign(sine)) + random.normal(0, 0.05);
  });
}

/** A line of a table: the label, then the values. */
export function waveLine(name: string, values: ArrayLike<number>): string {
  return [name, ...Array.from(values, (value) => value.toFixed(4))].join("\t");
}

/** Waves in a table, classes by turns. */
export async function writeWaves(file: string, count: number, seed = 2): Promise<void> {
  const random = new Random(seed);
  const lines = Array.from({ length: count }, (_, i) => {
    const name = waveNames[i % 2];
    return waveLine(name, drawWave(name, random));
  });
  await writeFile(file, `${lines.join("\n")}\n`);
}

export const VOLUME_SIDE = 13;
export const solidNames = ["ball", "box"] as const;
export type Solid = (typeof solidNames)[number];

/** Occupancies of a ball or a box somewhere in a cube, as bytes. */
export function drawSolid(name: Solid, random: Random, side = VOLUME_SIDE): Uint8Array {
  const radius = random.uniform(4, 6);
  const centre = [0, 1, 2].map(() => random.uniform(radius, side - radius));
  return Uint8Array.from({ length: side ** 3 }, (_, i) => {
    const at = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
    const [z, y, x] = at.map((place, axis) => Math.abs(place + 0.5 - centre[axis]));
    const hit = name === "ball" ? Math.hypot(x, y, z) < radius : Math.max(x, y, z) < 0.9 * radius;
    return hit ? 1 : 0;
  });
}

/** Solids in an `.npz` file, classes by turns, labelled by number as `classes.txt` beside it says. */
export async function writeSolids(folder: string, count: number, seed = 3): Promise<string> {
  const random = new Random(seed);
  const voxels = new Uint8Array(count * VOLUME_SIDE ** 3);
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  for (const [i, label] of labels.entries())
    voxels.set(drawSolid(solidNames[label], random), i * VOLUME_SIDE ** 3);
  await mkdir(folder, { recursive: true });
  const file = join(folder, "solids.npz");
  const shape = [count, VOLUME_SIDE, VOLUME_SIDE, VOLUME_SIDE];
  await writeFile(file, npz({ voxels: npy("|u1", shape, voxels), labels: npy("<i4", [count], labels) }));
  await writeFile(join(folder, "classes.txt"), `${solidNames.join("\n")}\n`);
  return file;
}
