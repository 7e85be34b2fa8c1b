import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toNumbers } from "../../src/core/index.ts";
import { decodeWeights, importTfjs, readTfjsModel } from "../../src/models/index.ts";
import { compile } from "../../src/runtime/index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-tfjs-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const placeholder = (name: string, dims: number[]) => ({
  name,
  op: "Placeholder",
  attr: { dtype: { type: "DT_FLOAT" }, shape: { shape: { dim: dims.map((size) => ({ size: `${size}` })) } } },
});

interface Parts {
  nodes?: object[];
  weights?: object[];
  bytes?: Uint8Array;
  signature?: object;
}

/** y = relu(x + b), b = [1, −2]. */
const sum = [
  placeholder("x", [-1, 2]),
  { name: "b", op: "Const" },
  { name: "sum", op: "AddV2", input: ["x", "b", "^x"] },
  { name: "y", op: "Relu", input: ["sum:0"] },
];

async function write(name: string, { nodes = sum, weights, bytes, signature }: Parts = {}): Promise<string> {
  const entries = weights ?? [{ name: "b", shape: [2], dtype: "float32" }];
  const path = join(folder, `${name}.json`);
  const json = {
    format: "graph-model",
    generatedBy: "a test",
    modelTopology: { node: nodes },
    weightsManifest: [{ paths: [`${name}.bin`], weights: entries }],
    ...(signature ? { signature } : {}),
  };
  await writeFile(path, JSON.stringify(json));
  await writeFile(join(folder, `${name}.bin`), bytes ?? new Uint8Array(Float32Array.of(1, -2).buffer));
  return path;
}

describe("readTfjsModel", () => {
  it("reads nodes, weights and outputs, which are what nobody reads", async () => {
    const model = await readTfjsModel(await write("sum"));
    expect(model).toMatchObject({ outputs: { y: "y" }, generatedBy: "a test" });
    const { outputs } = importTfjs(model);
    const program = await compile({ outputs });
    const x = { dtype: "float32" as const, shape: [1, 2], data: Float32Array.of(-3, 5) };
    expect(toNumbers((await program.run({ x })).y)).toEqual([0, 3]);
    await program.release();
  });

  it("names outputs as the signature does", async () => {
    const signature = { outputs: { "answer:0": { name: "sum:0" } } };
    const model = await readTfjsModel(await write("signed", { signature }));
    expect(Object.keys(importTfjs(model).outputs)).toEqual(["answer"]);
  });

  it("takes a batch of unknown size for one picture, and any other where it is given", async () => {
    const model = await readTfjsModel(await write("batch"));
    expect(importTfjs(model).outputs.y.shape).toEqual([1, 2]);
    expect(importTfjs(model, { shapes: { x: [5, 2] } }).outputs.y.shape).toEqual([5, 2]);
    expect(() => importTfjs(model, { shapes: { X: [5, 2] } })).toThrow(
      "`shapes` names `X`, but the model has no such input; the nearest that it has: `x`.",
    );
  });

  const short = new Uint8Array(6);
  it.each([
    ["a file that is not there", async () => join(folder, "none.json"), "model-missing"],
    ["text that is no JSON", () => writeText("text", "no"), "model-unreadable"],
    ["JSON that is no graph model", () => writeText("other", '{"layers":[]}'), "model-unreadable"],
    ["weights that end too early", () => write("short", { bytes: short }), "weights-truncated"],
    ["more weights than are listed", () => write("long", { bytes: new Uint8Array(12) }), "model-unreadable"],
  ])("refuses %s", async (_, path, code) => {
    await expect(readTfjsModel(await path())).rejects.toMatchObject({ name: "FoveaError", code });
  });

  it("names weights that are missing", async () => {
    const path = await write("alone");
    await rm(join(folder, "alone.bin"));
    await expect(readTfjsModel(path)).rejects.toMatchObject({ code: "weights-missing" });
  });

  async function writeText(name: string, text: string): Promise<string> {
    const path = join(folder, `${name}.json`);
    await writeFile(path, text);
    return path;
  }
});

describe("importTfjs", () => {
  const loop = [
    placeholder("x", [1, 2]),
    { name: "merge", op: "Merge", input: ["x", "next"] },
    { name: "next", op: "NextIteration", input: ["merge"] },
    { name: "y", op: "Exit", input: ["merge"] },
  ];
  it.each([
    [
      "an operation that it does not know",
      [placeholder("x", [1, 2]), { name: "y", op: "Qr", input: ["x"] }],
      "operator-unsupported",
      "Qr",
    ],
    ["a loop", loop, "operator-unsupported", "loop"],
    ["a tensor that nobody computes", [{ name: "y", op: "Relu", input: ["x"] }], "model-unreadable", "`x`"],
    [
      "a constant without weights",
      [
        { name: "y", op: "Const" },
        { name: "z", op: "Relu", input: ["y"] },
      ],
      "model-unreadable",
      "`y`",
    ],
    [
      "a picture of unknown size",
      [placeholder("x", [1, -1, -1, 3]), { name: "y", op: "Relu", input: ["x"] }],
      "shape-unknown",
      "`x`",
    ],
  ])("refuses %s", async (name, nodes, code, mentioned) => {
    const path = await write(name.replaceAll(" ", "-"), { nodes, weights: [], bytes: new Uint8Array(0) });
    const model = await readTfjsModel(path);
    expect(() => importTfjs(model)).toThrow(expect.objectContaining({ name: "FoveaError", code }));
    expect(() => importTfjs(model)).toThrow(mentioned);
  });
});

describe("decodeWeights", () => {
  it("reads half precision, scaled bytes and words, integers and truth", () => {
    const entries = [
      { name: "half", shape: [2], dtype: "float32", quantization: { dtype: "float16" as const } },
      {
        name: "bytes",
        shape: [2],
        dtype: "float32",
        quantization: { dtype: "uint8" as const, scale: 0.5, min: -1 },
      },
      {
        name: "words",
        shape: [1],
        dtype: "float32",
        quantization: { dtype: "uint16" as const, scale: 2, min: 3 },
      },
      { name: "integers", shape: [1], dtype: "int32" },
      { name: "truth", shape: [2], dtype: "bool" },
    ];
    const bytes = Uint8Array.of(0x00, 0x3c, 0x00, 0xc1, 0, 255, 0x00, 0x01, 0xfe, 0xff, 0xff, 0xff, 1, 0);
    const tensors = decodeWeights(entries, bytes, "made.bin");
    const numbers = Object.fromEntries([...tensors].map(([name, value]) => [name, toNumbers(value)]));
    expect(numbers).toEqual({
      half: [1, -2.5],
      bytes: [-1, 126.5],
      words: [515],
      integers: [-2],
      truth: [1, 0],
    });
    expect([...tensors.values()].map(({ dtype }) => dtype)).toEqual([
      "float32",
      "float32",
      "float32",
      "int64",
      "bool",
    ]);
  });

  it("refuses a type that TensorFlow.js has not", () => {
    const entries = [{ name: "words", shape: [1], dtype: "string" }];
    expect(() => decodeWeights(entries, new Uint8Array(4), "made.bin")).toThrow(/"string"/);
  });
});
