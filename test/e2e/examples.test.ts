import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { CACHE } from "./fovea.ts";

const root = resolve(import.meta.dirname, "../..");
const examples = readdirSync(resolve(root, "examples")).filter((name) => name.endsWith(".ts"));

describe("examples/", () => {
  // Each asserts its own result, and is run as its first line says.
  it.each(examples)("%s does what it says", { timeout: 240_000 }, async (name) => {
    const env = { ...process.env, FOVEA_CACHE: CACHE };
    const { stdout } = await promisify(execFile)("npx", ["tsx", `examples/${name}`], { cwd: root, env });
    expect(stdout).not.toBe("");
  });
});
