import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Random, type Tensor, toNumbers } from "../../src/core/index.ts";
import { importTfjs, packageFolder, readTfjsModel } from "../../src/models/index.ts";
import { compile } from "../../src/runtime/index.ts";

const open = async (name: string) =>
  readTfjsModel(join(await packageFolder("@vladmandic/human"), "models", `${name}.json`));

describe("the models of @vladmandic/human", () => {
  it.each([
    ["antispoof", [[1, 1]]],
    ["liveness", [[1, 2]]],
    [
      "blazeface",
      [
        [1, 384, 16],
        [1, 512, 1],
        [1, 384, 1],
        [1, 512, 16],
      ],
    ],
    [
      "facemesh",
      [
        [1, 1404],
        [1, 1],
        [1, 266],
      ],
    ],
    ["iris", [[1, 1, 1, 228]]],
    ["emotion", [[1, 7]]],
    ["movenet-lightning", [[1, 1, 17, 3]]],
    [
      "handlandmark-lite",
      [
        [1, 1],
        [1, 63],
        [1, 1],
        [1, 63],
      ],
    ],
  ])("open and run: %s", async (name, shapes) => {
    const { inputs, outputs } = importTfjs(await open(name));
    const program = await compile({ outputs });
    const random = new Random(2);
    const [input] = Object.values(inputs);
    const size = input.dims.reduce((product, dim) => product * dim, 1);
    const values = Array.from({ length: size }, () => random.next());
    const x: Tensor =
      input.dtype === "int32"
        ? { dtype: "int32", shape: input.dims, data: Int32Array.from(values, (value) => value * 255) }
        : { dtype: "float32", shape: input.dims, data: Float32Array.from(values) };
    const results = await program.run({ [input.name]: x });
    expect(Object.values(results).map(({ shape }) => [...shape])).toEqual(shapes);
    for (const result of Object.values(results)) {
      const numbers = toNumbers(result);
      expect(numbers.every(Number.isFinite)).toBe(true);
      if (numbers.length > 1) expect(new Set(numbers).size).toBeGreaterThan(1);
    }
    await program.release();
  });

  it("say that a loop cannot be read", async () => {
    const model = await open("handtrack");
    expect(() => importTfjs(model)).toThrow(expect.objectContaining({ code: "operator-unsupported" }));
  });
});
