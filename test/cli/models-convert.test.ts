import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { addModelsConvert } from "../../src/cli/commands/models-convert.ts";
import { encodeModel, Graph, readModel, relu } from "../../src/graph/index.ts";
import { serveFile } from "../models/serve-file.ts";
import { useTemporaryCache } from "../models/temporary-cache.ts";
import { listenToStdout, runCommand } from "./run-command.ts";

useTemporaryCache();
const net = () => encodeModel({ outputs: { y: relu(new Graph().input("x", [2])) } });
const address = serveFile("net.onnx", net);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-convert-"));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

async function convert(from: string, to: string): Promise<Record<string, unknown>> {
  const written = listenToStdout();
  await runCommand(addModelsConvert, ["convert", from, to, "--json"]);
  return JSON.parse(written());
}

it("models convert takes an address", async () => {
  const to = join(folder, "copy.onnx");
  const answer = await convert(address(), to);
  const bytes = await readFile(to);
  expect(answer).toEqual({ from: address(), to, bytes: bytes.length });
  expect(readModel(bytes).graph.node.map(({ opType }) => opType)).toEqual(["Relu"]);
});

it("models convert does not write over the file that it reads", async () => {
  const path = join(folder, "own.onnx");
  await writeFile(path, net());
  await expect(convert(path, path)).rejects.toMatchObject({ code: "output-is-input" });
});
