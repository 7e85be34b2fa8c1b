import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const script = fileURLToPath(new URL("./train-long.ts", import.meta.url));

it("memory stays flat over 5,000 training steps once V8 has settled: growth below 5 %", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", "--import", "tsx", script]);
  const memory: number[] = JSON.parse(stdout);
  expect(memory).toHaveLength(8);
  const growth = Math.max(...memory.slice(3)) / memory[2] - 1;
  expect(growth).toBeLessThan(0.05);
});
