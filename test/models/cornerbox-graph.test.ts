import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/core/index.ts";
import { Graph } from "../../src/graph/index.ts";
import type { Picture } from "../../src/image/index.ts";
import { cornerboxGraph } from "../../src/models/index.ts";
import { compile, type Program } from "../../src/runtime/index.ts";

const SIDE = 24;

function noise(width: number, height: number): Picture {
  const random = new Random(5);
  return { width, height, data: Uint8Array.from({ length: 3 * width * height }, () => random.integer(256)) };
}

/** One value of the black square with the picture in its upper left corner, as TensorFlow.js's resizeBilinear has it. */
function scaledSquare({ width, height, data }: Picture, channel: number, row: number, column: number) {
  const longer = Math.max(width, height);
  const pixel = (y: number, x: number) => (y < height && x < width ? data[3 * (y * width + x) + channel] : 0);
  const [y, x] = [row, column].map((at) => Math.min((at * longer) / SIDE, longer - 1));
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const [bottom, right] = [top, left].map((first) => Math.min(first + 1, longer - 1));
  const along = (at: number) => pixel(at, left) + (pixel(at, right) - pixel(at, left)) * (x - left);
  return along(top) + (along(bottom) - along(top)) * (y - top);
}

describe("a picture in the corner of a black square", () => {
  let program: Program;
  beforeAll(async () => {
    const graph = new Graph();
    const image = graph.input("image", ["height", "width", 3], "uint8");
    program = await compile({ outputs: { ...cornerboxGraph(image, SIDE) }, threads: 1 });
  });
  afterAll(() => program.release());

  it.each([
    [1, 1],
    [24, 24],
    [7, 5],
    [24, 23],
    [25, 24],
    [61, 40],
    [40, 97],
    [1, 300],
    [30_000, 9], // its square of floats would take more than 10 GB
  ])("is scaled as if the square were there: %d × %d pixels", async (width, height) => {
    const picture = noise(width, height);
    const image = { dtype: "uint8", shape: [height, width, 3], data: picture.data } as const;
    const { pictures, ...numbers } = await program.run({ image });
    expect(pictures.shape).toEqual([1, 3, SIDE, SIDE]);
    let furthest = 0;
    for (const [i, value] of pictures.data.entries()) {
      const [column, row, channel] = [i % SIDE, Math.floor(i / SIDE) % SIDE, Math.floor(i / SIDE ** 2)];
      const expected = scaledSquare(picture, channel, row, column);
      furthest = Math.max(furthest, Math.abs(Number(value) - expected));
    }
    expect(furthest).toBeLessThan(1e-3);
    const longer = Math.max(width, height);
    const scale = (length: number) => Math.fround(Math.round((length * SIDE) / longer) / length);
    const { width: wide, height: high, scaleX, scaleY } = numbers;
    const found = [wide, high, scaleX, scaleY].map(({ data }) => Number(data[0]));
    expect(found).toEqual([width, height, scale(width), scale(height)]);
  });
});
