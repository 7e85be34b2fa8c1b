import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, watch } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { Random } from "../../src/core/index.ts";
import { Graph } from "../../src/graph/index.ts";
import { constant, Scope, sgd } from "../../src/nn/index.ts";
import { loadCheckpoint, packByRole } from "../../src/train/index.ts";

const script = fileURLToPath(new URL("./save-forever.ts", import.meta.url));

it("survives kill -9 while it is written: the last whole checkpoint is there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fovea-kill-"));
  const path = join(folder, "checkpoint.fovea");
  const scope = new Scope(new Graph());
  scope.parameter("w", [1_000_000], constant(0));
  const groups = packByRole(scope.set);
  const random = new Random(1);
  try {
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, ["--import", "tsx", script, path], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      const died = once(child, "exit");
      await once(child.stdout, "data"); // one is there
      await writing(folder, 1 + random.integer(6));
      child.kill("SIGKILL");
      await died;
      const { state, notes } = await loadCheckpoint<{ step: number }>(path, groups, sgd());
      expect(notes.step).toBe(state.step);
      for (const { data } of Object.values(state.current)) {
        expect((data as Float32Array).every((value) => value === state.step)).toBe(true);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** Waits until files of a folder have been touched so many times: the last touch is a write under way. */
async function writing(folder: string, touches: number): Promise<void> {
  let left = touches;
  for await (const _ of watch(folder)) if (--left === 0) return;
}
