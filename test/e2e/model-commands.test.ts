import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tensor } from "../../src/core/index.ts";
import {
  conv,
  encodeModel,
  Graph,
  globalAveragePool,
  readModel,
  relu,
  writeModel,
} from "../../src/graph/index.ts";
import { fovea } from "./fovea.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

let workspace: Workspace;

beforeAll(async () => {
  workspace = await createWorkspace();
  const g = new Graph();
  const x = g.input("picture", [1, 3, 8, 8]);
  const w = g.constant(tensor(new Float32Array(4 * 3 * 3 * 3), [4, 3, 3, 3]), "filters");
  const y = globalAveragePool(relu(conv(x, w, undefined, { padding: 1 })));
  const model = encodeModel({ outputs: { features: y }, metadata: { task: "test" } });
  await writeFile(join(workspace.path, "net.onnx"), model);
  const proto = readModel(encodeModel({ outputs: { features: y }, shapes: false }));
  const { dim } = proto.graph.input[0].type!.tensorType!.shape!;
  [dim[0], dim[2], dim[3]] = [{ dimParam: "N" }, {}, { dimParam: "W" }];
  await writeFile(join(workspace.path, "open.onnx"), writeModel(proto));
});

afterAll(() => workspace.remove());

const run = (line: string) => fovea(line.split(" "), { cwd: workspace.path });

describe("fovea model info", () => {
  it("prints the layers with shapes, parameters and operations, and the sums", async () => {
    const { code, stdout } = await run("model info net.onnx");
    expect(code).toBe(0);
    expect(stdout).toContain("inputs:  picture float32 [1, 3, 8, 8]");
    expect(stdout).toContain("task: test");
    expect(stdout).toMatch(/^Conv +Conv_\d+ +1×4×8×8 +108 +13\.8\d* +1\.02/m);
    expect(stdout).toMatch(/108 parameters, 14\.34 kFLOP/);
  });

  it("says how to give the sizes that a file leaves open", async () => {
    const { code, stderr } = await run("model info open.onnx");
    expect(code).toBe(1);
    expect(stderr).toContain("fovea model info open.onnx --dim N=1 --dim picture_2=224 --dim W=224");
    const sized = await run("model info open.onnx --dim N=2 --dim picture_2=8 --dim W=6");
    expect(sized.stdout).toContain("inputs:  picture float32 [2, 3, 8, 6]");
  });

  it("refuses sizes of dimensions that a file does not name", async () => {
    const { code, stderr } = await run("models info open.onnx --dim n=2 --dim picture_2=8 --dim W=6");
    expect(code).toBe(1);
    expect(stderr).toContain("`n`");
    expect(stderr).toContain("`N`");
    expect((await run("models info net.onnx --dim N=2")).stderr).toContain("`N`");
  });

  it("prints one JSON value", async () => {
    const { stdout, stderr } = await run("model info net.onnx --json");
    const { opset, inputs, layers, parameters, flops } = JSON.parse(stdout);
    expect(stderr).toBe("");
    expect({ opset, inputs, parameters }).toEqual({
      opset: 20,
      inputs: [{ name: "picture", dtype: "float32", shape: [1, 3, 8, 8] }],
      parameters: 108,
    });
    // 4·8·8 outputs of 27 products and sums each; one operation for each in relu and in the mean
    expect(flops).toBe(2 * 256 * 27 + 256 + 256);
    expect(layers.map(({ opType }: { opType: string }) => opType)).toEqual([
      "Conv",
      "Relu",
      "GlobalAveragePool",
    ]);
  });
});

describe("fovea models convert", () => {
  it("gives inputs that a file leaves open their shapes", async () => {
    expect((await run("models convert open.onnx sized.onnx --shape picture=1x3x8x8")).code).toBe(0);
    const { stdout } = await run("models info sized.onnx");
    expect(stdout).toContain("inputs:  picture float32 [1, 3, 8, 8]");
  });

  it("refuses shapes of inputs that a file lacks", async () => {
    const { code, stderr } = await run("models convert net.onnx out.onnx --shape image=1x3x8x8");
    expect(code).toBe(1);
    expect(stderr).toContain("`image`");
    expect(stderr).toContain("`picture`");
  });

  it("says that --channels-first does nothing to an ONNX file", async () => {
    const { code, stderr } = await run("models convert net.onnx copy.onnx --channels-first");
    expect(code).toBe(0);
    expect(stderr).toContain("--channels-first: no effect with net.onnx, which is no TensorFlow.js model.");
  });
});
