import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { addDetectProposals } from "../../src/cli/commands/detect-proposals.ts";
import { addInspectExplain } from "../../src/cli/commands/inspect-explain.ts";
import { addModelsConvert } from "../../src/cli/commands/models-convert.ts";
import { type AddCommand, runCommand } from "./run-command.ts";

const calls = vi.hoisted(() => ({
  explain: vi.fn((_: unknown) => Promise.reject(new Error("told"))),
  convertModel: vi.fn((..._: unknown[]) => Promise.reject(new Error("told"))),
  workers: vi.fn(),
  propose: vi.fn(async (..._: unknown[]) => ({ blobs: { count: 0 }, boxes: new Float32Array(0) })),
  saveProposalDrawings: vi.fn(),
}));
vi.mock("../../src/inspect/index.ts", () => ({ explain: calls.explain }));
vi.mock("../../src/cli/ready-models.ts", () => ({ modelPath: async (name: string) => name }));
vi.mock("../../src/cli/convert-model.ts", () => ({
  convertModel: calls.convertModel,
  isTfjsFile: () => true,
}));
vi.mock("../../src/cli/commands/proposal-drawings.ts", () => ({
  nameProposalDrawings: (files: string[]) => new Map(files.map((file) => [file, {}])),
  saveProposalDrawings: calls.saveProposalDrawings,
}));
vi.mock("../../src/detect/index.ts", () => ({
  ProposalWorkers: class {
    readonly count = 1;
    readonly propose = calls.propose;
    constructor(threads?: number) {
      calls.workers(threads);
    }
    async close() {}
  },
}));

let folder: string;
let picture: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-options-"));
  picture = join(folder, "a.png");
  await sharp({ create: { width: 40, height: 30, channels: 3, background: "#48c" } }).toFile(picture);
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  vi.clearAllMocks();
});

async function run(add: AddCommand, ...words: string[]): Promise<void> {
  await runCommand(add, words).catch((error) => {
    if (error.message !== "told") throw error;
  });
}

it.each<[line: string, told: Record<string, unknown>]>([
  ["", { out: "out", model: "net.onnx", picture: "a.jpg", baseline: "black", steps: 512, fit: "crop" }],
  ["--class oak --layer stage2.1", { class: "oak", layer: "stage2.1" }],
  ["--unit stage3/17 --baseline grey --steps 9", { unit: "stage3/17", baseline: "grey", steps: 9 }],
  ["--methods occlusion,gradients --square 16", { methods: ["occlusion", "gradients"], side: 16 }],
  ["--size 64x96 --fit pad --threads 3", { size: { width: 64, height: 96 }, fit: "pad", threads: 3 }],
])("fovea inspect explain %s", async (line, told) => {
  const words = `explain net.onnx a.jpg --out out ${line}`.trim().split(" ");
  await run(addInspectExplain, ...words);
  expect(calls.explain).toHaveBeenCalledWith(expect.objectContaining(told));
});

it.each<[line: string, told: Record<string, unknown>]>([
  ["", { shapes: {} }],
  ["--shape a=1x224x224x3 --shape b=2x8", { shapes: { a: [1, 224, 224, 3], b: [2, 8] } }],
  ["--channels-first --float16", { channelsFirst: true, float16: true }],
])("fovea models convert %s", async (line, told) => {
  await run(addModelsConvert, ...`convert model.json net.onnx ${line}`.trim().split(" "));
  expect(calls.convertModel).toHaveBeenCalledWith("model.json", expect.objectContaining(told));
});

it("fovea detect proposals", async () => {
  const writing = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  onTestFinished(() => writing.mockRestore());
  const line = "--mode single --most 50 --least-side 12 --longer-side 300 --seed 5 --workers 2 --show 7";
  await run(addDetectProposals, "proposals", picture, "--out", join(folder, "out"), ...line.split(" "));
  expect(calls.workers).toHaveBeenCalledWith(2);
  expect(calls.propose).toHaveBeenCalledWith(expect.objectContaining({ width: 40, height: 30 }), {
    mode: "single",
    most: 50,
    leastSide: 12,
    longerSide: 300,
    seed: 5,
  });
  expect(calls.saveProposalDrawings.mock.calls[0][3]).toBe(7);
});
