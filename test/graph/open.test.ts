import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tensor, toNumbers } from "../../src/core/index.ts";
import { importModel, openModel, readModelFile } from "../../src/graph/index.ts";
import { writeModel } from "../../src/graph/onnx/schema.ts";
import { compile } from "../../src/runtime/index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-open-"));
});
afterAll(() => rm(folder, { recursive: true }));

const info = (name: string, dims?: (number | string)[]) => ({
  name,
  type: {
    tensorType: {
      elemType: 1,
      ...(dims && {
        shape: { dim: dims.map((d) => (typeof d === "number" ? { dimValue: d } : { dimParam: d })) },
      }),
    },
  },
});

/** y = x · second weights of a file; `location` is what the model calls that file. */
async function writeWithWeights(name: string, location: string): Promise<string> {
  const weights = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  await writeFile(join(folder, "weights.bin"), weights);
  const external = (offset: number) =>
    Object.entries({ location, offset: `${offset}`, length: "16" }).map(([key, value]) => ({ key, value }));
  const model = writeModel({
    irVersion: 8,
    opsetImport: [{ domain: "", version: 17 }],
    graph: {
      initializer: [{ name: "w", dims: [4], dataType: 1, dataLocation: 1, externalData: external(16) }],
      input: [info("x", [4])],
      output: [info("y", [4])],
      node: [{ opType: "Mul", input: ["x", "w"], output: ["y"] }],
    },
  });
  const path = join(folder, name);
  await writeFile(path, model);
  return path;
}

describe("a model with tensors in a file beside it", () => {
  it("reads its stretch of that file", async () => {
    const { parameters } = await openModel(await writeWithWeights("beside.onnx", "./weights.bin"));
    expect(toNumbers(parameters.w.constant!)).toEqual([5, 6, 7, 8]);
  });

  it("does so too where the file itself was read before, and names it as it is called", async () => {
    const path = await writeWithWeights("read.onnx", "weights.bin");
    const bytes = await readModelFile(path);
    const { parameters } = await openModel({ name: "hf:o/r/net.onnx", bytes, path });
    expect(toNumbers(parameters.w.constant!)).toEqual([5, 6, 7, 8]);
    await expect(openModel({ name: "hf:o/r/net.onnx", bytes })).rejects.toMatchObject({
      code: "external-data-missing",
      message: expect.stringMatching(/^hf:o\/r\/net\.onnx: .*`w`/),
    });
  });

  it("is refused where that file is cut off, missing, or outside of the model's folder", async () => {
    const path = await writeWithWeights("cut.onnx", "weights.bin");
    await truncate(join(folder, "weights.bin"), 24);
    await expect(openModel(path)).rejects.toThrowError(/cut\.onnx: .*`w`.*16 bytes, but 8 are there/);
    await expect(openModel(await writeWithWeights("gone.onnx", "gone.bin"))).rejects.toThrowError(
      /gone\.bin/,
    );
    for (const outside of ["../weights.bin", "/etc/hostname", "a/../../weights.bin"]) {
      const path = await writeWithWeights("outside.onnx", outside);
      await expect(openModel(path)).rejects.toThrowError(/outside of its own folder/);
    }
  });
});

describe("a file that is no model", () => {
  it("is told of with its size and what to do", async () => {
    const path = await writeWithWeights("whole.onnx", "weights.bin");
    await truncate(path, 40);
    await expect(openModel(path)).rejects.toMatchObject({
      code: "model-unreadable",
      message: expect.stringMatching(
        /whole\.onnx: .* The file has 40 bytes; copy it again, or give another\.$/,
      ),
    });
    await truncate(path, 0);
    await expect(openModel(path)).rejects.toMatchObject({
      code: "model-unreadable",
      message: `Model \`${path}\` is empty, it has 0 bytes; copy it again.`,
    });
    await expect(openModel(folder)).rejects.toMatchObject({
      code: "model-missing",
      message: expect.stringContaining("is a folder; give the path of an .onnx file in it"),
    });
  });
});

/** A convolution and a relu of a batch whose size the file leaves open. */
function openBatch(x = info("x", ["N", 1, 4, 4])): Uint8Array {
  const { dtype: _, shape: dims, data } = tensor(new Array(9).fill(1), [1, 1, 3, 3]);
  return writeModel({
    irVersion: 8,
    opsetImport: [{ domain: "", version: 17 }],
    graph: {
      initializer: [{ name: "w", dims: [...dims], dataType: 1, floatData: [...(data as Float32Array)] }],
      input: [x],
      output: [info("y", ["N", 1, 2, 2])],
      valueInfo: [info("a", ["N", 1, 2, 2])],
      node: [
        { opType: "Conv", input: ["x", "w"], output: ["a"] },
        { opType: "Relu", input: ["a"], output: ["y"] },
      ],
    },
  });
}

describe("what a file leaves open", () => {
  it("may stay open until the model runs", async () => {
    const program = await compile({ outputs: importModel(openBatch()).outputs, threads: 1 });
    for (const n of [1, 3]) {
      const { y } = await program.run({ x: tensor(new Array(16 * n).fill(1), [n, 1, 4, 4]) });
      expect(y).toEqual(tensor(new Array(4 * n).fill(9), [n, 1, 2, 2]));
    }
    await program.release();
  });

  it("is asked for where an input has no shape at all", () => {
    expect(() => importModel(openBatch(info("x")))).toThrowError(/Input `x` has no shape.*shapes: \{ x:/);
    const { outputs } = importModel(openBatch(info("x")), { shapes: { x: [2, 1, 4, 4] } });
    expect(outputs.y.shape).toEqual([2, 1, 2, 2]);
  });
});
