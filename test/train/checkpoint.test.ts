import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random, tensor } from "../../src/core/index.ts";
import { encodeModel, Graph, relu } from "../../src/graph/index.ts";
import { adam, adamW, constant, Scope, sgd } from "../../src/nn/index.ts";
import {
  loadCheckpoint,
  packByRole,
  readCheckpointNotes,
  readTensorFile,
  saveCheckpoint,
  TrainingState,
} from "../../src/train/index.ts";

/** A net of one weight and one gain, as packed groups. */
function groupsOf(size: number) {
  const scope = new Scope(new Graph());
  scope.parameter("w", [size], constant(0));
  scope.parameter("g", [3], constant(0), "gain");
  return packByRole(scope.set);
}

const groups = groupsOf(50);
const notes = {
  text: "résumé ✓",
  list: [0.1, 1e-300, -0],
  nothing: null,
  records: [{ epoch: 1, loss: 1 / 3 }],
};

function someState(): TrainingState {
  const random = new Random(4);
  const numbers = (size: number) => tensor(Array.from({ length: size }, () => random.normal()));
  const values = new Map([
    ["w", numbers(50)],
    ["g", numbers(3)],
  ]);
  const state = TrainingState.start(groups, adamW(), values);
  for (const { data } of Object.values(state.current)) {
    for (let i = 0; i < data.length; i++) data[i] = random.normal();
  }
  state.step = 1234;
  return state;
}

let folder: string;
let path: string;
let bytes: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-checkpoint-"));
  path = join(folder, "run", "checkpoint.fovea");
  await saveCheckpoint(path, { state: someState(), notes });
  bytes = await readFile(path);
});
afterAll(() => rm(folder, { recursive: true }));

/** Loads the bytes as if they were a run's checkpoint. */
async function load(content: Uint8Array, optimizer = adamW(), net = groups) {
  const other = join(folder, "other.fovea");
  await writeFile(other, content);
  return loadCheckpoint(other, net, optimizer);
}

describe("a checkpoint", () => {
  it("brings back every bit, the step and the notes", async () => {
    const before = someState();
    const { state, notes: after } = await loadCheckpoint(path, groups, adamW());
    expect(state.step).toBe(1234);
    expect(Object.keys(state.current)).toEqual(Object.keys(before.current));
    for (const [name, { data }] of Object.entries(before.current))
      expect(state.current[name].data).toEqual(data);
    expect(after).toEqual(JSON.parse(JSON.stringify(notes)));
    expect(await readCheckpointNotes(path)).toEqual(after);
    expect(Object.keys(state.next)).toEqual(Object.keys(state.current));
  });

  it("replaces the one before and leaves nothing else behind", async () => {
    await saveCheckpoint(path, { state: someState(), notes });
    expect(await readdir(join(folder, "run"))).toEqual(["checkpoint.fovea"]);
    expect(await readFile(path)).toEqual(bytes);
  });

  it("that is missing is called so", async () => {
    const missing = join(folder, "nowhere", "checkpoint.fovea");
    for (const read of [loadCheckpoint(missing, groups, adamW()), readCheckpointNotes(missing)]) {
      await expect(read).rejects.toMatchObject({
        code: "checkpoint-missing",
        message: expect.stringContaining(missing),
      });
    }
  });

  it("that is cut off is unreadable, wherever it is cut", async () => {
    for (let kept = 0; kept < bytes.length; kept += 1 + Math.floor(bytes.length / 60)) {
      await expect(load(bytes.subarray(0, kept)), `${kept} bytes`).rejects.toMatchObject({
        code: "checkpoint-unreadable",
      });
    }
    await expect(load(bytes.subarray(0, -1))).rejects.toMatchObject({ code: "checkpoint-unreadable" });
  });

  it("with a flipped bit is unreadable, wherever it is", async () => {
    // The header names the maker and version, which no reading depends on.
    const first = bytes.indexOf("weight/value") - 20;
    const random = new Random(6);
    for (let trial = 0; trial < 60; trial++) {
      const damaged = Buffer.from(bytes);
      const place = first + random.integer(bytes.length - first);
      damaged[place] ^= 1 << random.integer(8);
      await expect(load(damaged), `byte ${place}`).rejects.toMatchObject({ code: "checkpoint-unreadable" });
    }
  });

  it.each([
    { what: "text", content: () => Buffer.from("this is no checkpoint") },
    { what: "zeros", content: () => Buffer.alloc(5000) },
    {
      what: "another ONNX file",
      content: () => {
        const graph = new Graph();
        return encodeModel({ outputs: { y: relu(graph.input("x", [1])) } });
      },
    },
  ])("is not $what", async ({ content }) => {
    await expect(load(content())).rejects.toMatchObject({ code: "checkpoint-unreadable" });
  });

  it("of another net or optimiser is refused, naming the tensor and both sizes", async () => {
    await expect(load(bytes, adamW(), groupsOf(51))).rejects.toMatchObject({
      code: "checkpoint-mismatch",
      message: expect.stringMatching(/`weight\/value` has 50 values instead of 51/),
    });
    await expect(load(bytes, sgd())).rejects.toMatchObject({
      code: "checkpoint-mismatch",
      message: expect.stringMatching(/`weight\/velocity` has 0 values instead of 50/),
    });
  });

  it("of a net with equal sizes but other names, order or shapes is refused, naming both", async () => {
    const net = (parts: [name: string, shape: number[]][]) => {
      const scope = new Scope(new Graph());
      for (const [name, shape] of parts) scope.parameter(name, shape, constant(0));
      return packByRole(scope.set);
    };
    const made = net([
      ["a", [2]],
      ["b", [3]],
    ]);
    const values = new Map([
      ["a", tensor([1, 2])],
      ["b", tensor([3, 4, 5])],
    ]);
    const file = join(folder, "ab.fovea");
    await saveCheckpoint(file, { state: TrainingState.start(made, sgd(), values), notes });
    const swapped = net([
      ["b", [3]],
      ["a", [2]],
    ]);
    await expect(loadCheckpoint(file, swapped, sgd())).rejects.toMatchObject({
      code: "checkpoint-mismatch",
      message: expect.stringContaining("it has `a` [2] where this one has `b` [3]"),
    });
    const reshaped = net([
      ["a", [2]],
      ["b", [3, 1]],
    ]);
    await expect(loadCheckpoint(file, reshaped, sgd())).rejects.toThrowError(/`b` \[3\].*`b` \[3,1\]/);
    await expect(loadCheckpoint(file, made, sgd())).resolves.toMatchObject({ notes: { text: "résumé ✓" } });
  });

  it("of an optimiser with slots of the same names is refused, naming both", async () => {
    await expect(load(bytes, adam())).rejects.toMatchObject({
      code: "checkpoint-mismatch",
      message: expect.stringContaining("trained by adamw, not by adam"),
    });
  });

  it("that is there but cannot be read is not called missing", async () => {
    await expect(loadCheckpoint(folder, groups, adamW())).rejects.toMatchObject({
      code: "checkpoint-unreadable",
      message: expect.stringContaining("EISDIR"),
    });
  });

  it("that cannot be written says why", async () => {
    const blocked = join(folder, "blocked");
    await mkdir(join(blocked, "checkpoint.fovea"), { recursive: true });
    const save = saveCheckpoint(join(blocked, "checkpoint.fovea"), { state: someState(), notes });
    await expect(save).rejects.toMatchObject({ code: "output-unwritable" });
  });
});

it("a file of tensors that is none is refused with a code", () => {
  for (const bytes of [new Uint8Array(0), new Uint8Array([255, 1, 2])]) {
    expect(() => readTensorFile(bytes, "notes")).toThrow(
      expect.objectContaining({ code: "tensor-file-unreadable" }),
    );
  }
});
