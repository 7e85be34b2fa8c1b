import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clipBox, type Xyxy } from "../../src/geometry/index.ts";
import { squareChip } from "../../src/image/index.ts";
import { DESCRIPTOR_SIZE, openReadyDescriber } from "../../src/models/index.ts";
import { Program } from "../../src/runtime/index.ts";
import { useTemporaryCache } from "../models/temporary-cache.ts";
import { openPhotograph, type Photograph, titled } from "./photographs.ts";

/** What the original package answers (tools/golden/faces.ts). */
const golden = JSON.parse(readFileSync("test/golden/faces.json", "utf8")) as (Photograph & {
  faces: { chip: Xyxy; descriptor: number[] }[];
})[];

useTemporaryCache();
let program: Program;
beforeAll(async () => {
  program = await Program.load((await openReadyDescriber("face-descriptor")).bytes);
});
afterAll(() => program.release());

describe("the ready net of face-descriptor", () => {
  it.each(titled(golden))("describes the faces of %s as the original does", async (_, one) => {
    const picture = await openPhotograph(one);
    const { faces } = one;
    const size = 3 * DESCRIPTOR_SIZE ** 2;
    const data = new Float32Array(faces.length * size);
    for (const [i, { chip }] of faces.entries()) {
      const [x1, y1, x2, y2] = clipBox(chip, picture.width, picture.height);
      const [x, y, width, height] = [x1, y1, x2 - x1, y2 - y1].map(Math.floor);
      squareChip(picture, { x, y, width, height }, DESCRIPTOR_SIZE, data.subarray(i * size, (i + 1) * size));
    }
    const shape = [faces.length, 3, DESCRIPTOR_SIZE, DESCRIPTOR_SIZE];
    const { descriptors } = await program.run({ pictures: { dtype: "float32", shape, data } });
    expect(descriptors.shape).toEqual([faces.length, 128]);
    for (const [i, { descriptor }] of faces.entries()) {
      for (const [k, number] of descriptor.entries()) {
        const apart = Math.abs((descriptors.data as Float32Array)[128 * i + k] - number);
        expect(apart, `face ${i}, number ${k}`).toBeLessThan(1e-3);
      }
    }
  });
});
