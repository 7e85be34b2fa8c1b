import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random, type Tensor } from "../../src/core/index.ts";
import { letterboxFill, letterboxInto } from "../../src/data/index.ts";
import { letterbox } from "../../src/geometry/index.ts";
import { Graph } from "../../src/graph/index.ts";
import type { Picture } from "../../src/image/index.ts";
import { letterboxGraph } from "../../src/models/index.ts";
import { compile, type Program } from "../../src/runtime/index.ts";
import { smoothPicture } from "../detect/tiny-yolo.ts";

const input = { width: 96, height: 64 };

function tensorOf({ width, height, data }: Picture): Tensor {
  return { dtype: "uint8", shape: [height, width, 3], data };
}

describe("pre-processing in the graph", () => {
  let program: Program;
  beforeAll(async () => {
    const graph = new Graph();
    const { pictures } = letterboxGraph(graph.input("image", ["height", "width", 3], "uint8"), input);
    program = await compile({ outputs: { pictures }, threads: 1 });
  });
  afterAll(() => program.release());

  it.each([
    { width: 96, height: 64, what: "as it is" },
    { width: 120, height: 80, what: "shrunk" },
    { width: 131, height: 77, what: "shrunk, odd sizes" },
    { width: 180, height: 124, what: "shrunk by nearly two" },
    { width: 60, height: 110, what: "upright" },
    { width: 200, height: 70, what: "wide" },
    { width: 48, height: 32, what: "enlarged" },
    { width: 31, height: 50, what: "enlarged, odd sizes" },
  ])("gives training's pixels: $width × $height, $what", async ({ width, height }) => {
    const picture = smoothPicture(width, height);
    const { pictures } = await program.run({ image: tensorOf(picture) });
    expect(pictures.shape).toEqual([1, 3, 64, 96]);
    const trained = new Uint8Array(3 * 64 * 96);
    const { newWidth, newHeight, padX, padY } = letterboxInto(picture, 96, 64, trained);
    let [furthest, sum, padding] = [0, 0, 0];
    for (const [i, value] of trained.entries()) {
      const [x, y] = [i % 96, Math.floor(i / 96) % 64];
      const inside = x >= padX && x < padX + newWidth && y >= padY && y < padY + newHeight;
      const distance = Math.abs(value - Number(pictures.data[i]));
      furthest = Math.max(furthest, inside ? distance : 0);
      sum += distance;
      if (!inside && (distance > 0 || value !== letterboxFill)) padding++;
    }
    expect(padding, "wrong padding").toBe(0);
    expect(furthest, "levels apart").toBeLessThanOrEqual(2);
    expect(sum / trained.length, "levels apart on average").toBeLessThan(0.5);
  });

  it.each([
    [1, 1],
    [1, 500],
    [3000, 2],
    [2, 3],
  ])("takes %d × %d pixels", async (width, height) => {
    const data = new Uint8Array(3 * width * height).fill(200);
    const { pictures } = await program.run({ image: { dtype: "uint8", shape: [height, width, 3], data } });
    const { newWidth, newHeight } = letterbox(width, height, 96, 64);
    const values = Array.from(pictures.data, Number);
    expect(values.filter((value) => value === 200)).toHaveLength(3 * newWidth * newHeight);
    expect(values.filter((value) => value === letterboxFill)).toHaveLength(
      3 * (96 * 64 - newWidth * newHeight),
    );
  });

  it("pads with the grey that training pads with", () => {
    expect(letterboxFill).toBe(114); // one constant for both, the level that detectors were trained with
  });
});

it("places every picture as geometry's letterbox does", async () => {
  const graph = new Graph();
  const image = graph.input("image", ["height", "width", 3], "uint8");
  const { pictures: _, ...fit } = letterboxGraph(image, { width: 416, height: 416 });
  const program = await compile({ outputs: { ...fit }, threads: 1 });
  const random = new Random(3);
  // in the first few, a side's new length lies so close to a half that float32 rounds it the other way
  const sizes = [
    [11, 704],
    [27, 192],
    [45, 320],
    [51, 192],
    [57, 192],
    [54, 384],
    [23, 1472],
    [416, 416],
  ];
  while (sizes.length < 400) sizes.push([1 + random.integer(200), 1 + random.integer(200)]);
  for (const [width, height] of sizes) {
    const expected = letterbox(width, height, 416, 416);
    const data = new Uint8Array(3 * width * height);
    const results = await program.run({ image: { dtype: "uint8", shape: [height, width, 3], data } });
    const actual = Object.fromEntries(
      Object.entries(results).map(([name, { data }]) => [name, Number(data[0])]),
    );
    expect(actual, `${width} × ${height}`).toEqual({
      width,
      height,
      scaleX: Math.fround(expected.newWidth / width),
      scaleY: Math.fround(expected.newHeight / height),
      padX: expected.padX,
      padY: expected.padY,
    });
  }
  await program.release();
});
