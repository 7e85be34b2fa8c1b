import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { writePictures, writeSolids, writeWaves } from "../classify/tiny-sets.ts";
import { fovea, HOOK_TIMEOUT_MS, type Outcome, type RunOptions } from "./fovea.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

/** Commands in a folder with pictures in `shapes`, sequences in `waves.tsv` and volumes in `solids`. */
export interface ClassifyCommands {
  run(line: string, options?: RunOptions): Promise<Outcome>;
  /** What a command that succeeds without a word prints as JSON. */
  json(line: string): Promise<ReturnType<typeof JSON.parse>>;
  fileOf(path: string): string;
  write: Workspace["write"];
  list: Workspace["list"];
}

/** Such a folder for a test file, in which `run` is a classifier of the pictures and `waves` one of the sequences. */
export function trainedClassifiers(): ClassifyCommands {
  let workspace: Workspace;
  const run = (line: string, options: RunOptions = {}) =>
    fovea(line.split(" "), { cwd: workspace.path, ...options });
  const fileOf = (path: string) => join(workspace.path, path);

  beforeAll(async () => {
    workspace = await createWorkspace();
    await writePictures(fileOf("shapes"));
    await writeWaves(fileOf("waves.tsv"), 40);
    await writeSolids(fileOf("solids"), 16);
    const line = "classify train shapes --size 32 --batch 8 --epochs 5 --threads 1 --out run";
    const trained = await run(line);
    expect(trained.code).toBe(0);
    expect(trained.stdout).toMatch(
      /^5 epochs in .+\nthe last, epoch 5: accuracy [\d.]+, balanced [\d.]+ \(validation\)\nalways "cross" would reach 0\.333\n3 examples say little, .+ --folds 5 .+\nmodel: {2}run\/best\.onnx\nreport: run\/report\.html\n$/,
    );
    expect(await run("classify train waves.tsv --batch 8 --epochs 8 --threads 1 --out waves")).toMatchObject({
      code: 0,
    });
  }, HOOK_TIMEOUT_MS);

  afterAll(() => workspace.remove());

  return {
    run,
    async json(line) {
      const { code, stdout, stderr } = await run(`${line} --json --quiet`); // a slow machine says how far it is
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return JSON.parse(stdout);
    },
    fileOf,
    write: (files) => workspace.write(files),
    list: () => workspace.list(),
  };
}
