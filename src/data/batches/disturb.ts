import type { Random } from "../../core/index.ts";
import { boxArea, intersectionArea, type Xyxy } from "../../geometry/index.ts";
import type { Augment } from "./augment-options.ts";
import type { PlanarCanvas } from "./draw-picture.ts";
import { letterboxFill } from "./letterbox-into.ts";
import type { TrainingBox } from "./place-boxes.ts";

/** Blurs, adds noise and erases, each by chance, in place. Returns the boxes that can still be seen. */
export function disturb(
  random: Random,
  canvas: PlanarCanvas,
  boxes: TrainingBox[],
  augment: Augment,
): TrainingBox[] {
  if (random.chance(augment.blur)) blur(canvas);
  if (random.chance(augment.noise)) addNoise(random, canvas);
  if (!random.chance(augment.erase)) return boxes;
  const hole = drawHole(random, canvas);
  fill(canvas, hole);
  return boxes.filter(({ box }) => 1 - intersectionArea(box, hole) / boxArea(box) >= augment.minVisible);
}

/** The binomial kernel [1 2 1; 2 4 2; 1 2 1] / 16, borders repeated (also across a letterbox's edge). */
export function blur({ width, height, data }: PlanarCanvas): void {
  const sums = new Uint16Array(width * height);
  for (let plane = 0; plane < data.length; plane += width * height) {
    for (let y = 0; y < height; y++) {
      const row = plane + y * width;
      for (let x = 0; x < width; x++) {
        const left = x > 0 ? data[row + x - 1] : data[row];
        const right = x + 1 < width ? data[row + x + 1] : data[row + x];
        sums[y * width + x] = left + 2 * data[row + x] + right;
      }
    }
    for (let y = 0; y < height; y++) {
      const above = Math.max(y - 1, 0) * width;
      const below = Math.min(y + 1, height - 1) * width;
      for (let x = 0; x < width; x++) {
        const sum = sums[above + x] + 2 * sums[y * width + x] + sums[below + x];
        data[plane + y * width + x] = (sum + 8) >> 4;
      }
    }
  }
}

/** Draws of the noise, of which every byte gets one. */
const noiseDraws = 4096;

/** Normal noise with a deviation of up to 8 levels. */
function addNoise(random: Random, { data }: PlanarCanvas): void {
  const deviation = random.uniform(1, 8);
  const noise = Int16Array.from({ length: noiseDraws }, () => Math.round(random.normal(0, deviation)));
  // A linear congruential generator (Numerical Recipes' constants) picks among the draws.
  let state = random.integer(2 ** 31);
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const value = data[i] + noise[state >>> 20];
    data[i] = Math.min(Math.max(value, 0), 255);
  }
}

/** A rectangle of 2 – 20 % of the canvas and sides of up to 3 : 1, within it. */
function drawHole(random: Random, { width, height }: PlanarCanvas): Xyxy {
  const size = Math.sqrt(width * height * random.uniform(0.02, 0.2));
  const aspect = Math.exp(random.uniform(-0.5, 0.5) * Math.log(3));
  const holeWidth = Math.min(width, Math.max(1, Math.round(size * aspect)));
  const holeHeight = Math.min(height, Math.max(1, Math.round(size / aspect)));
  const x = random.integer(width - holeWidth + 1);
  const y = random.integer(height - holeHeight + 1);
  return [x, y, x + holeWidth, y + holeHeight];
}

function fill({ width, height, data }: PlanarCanvas, [x1, y1, x2, y2]: Xyxy): void {
  for (let row = 0; row < 3 * height; row++) {
    const y = row % height;
    if (y >= y1 && y < y2) data.fill(letterboxFill, row * width + x1, row * width + x2);
  }
}
