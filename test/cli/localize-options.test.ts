import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { addLocalizeEval } from "../../src/cli/commands/localize-eval.ts";
import { addLocalizeTrain } from "../../src/cli/commands/localize-train.ts";

afterEach(() => vi.restoreAllMocks());

/** What is said on stderr of options, before it is found that there are no data and no model. */
async function said(line: string): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
  const program = new Command().exitOverride();
  addLocalizeTrain(program);
  addLocalizeEval(program);
  const nowhere = join(tmpdir(), "fovea-nowhere");
  const words = line.replaceAll("NOWHERE", nowhere).split(" ");
  await expect(program.parseAsync(words, { from: "user" })).rejects.toThrow();
  return written.join("");
}

describe("fovea localize", () => {
  const train = "train NOWHERE --out NOWHERE/run";
  it.each([
    [`${train} --box-unit object`, "--box-unit: no effect with --loss iou, which has no squared errors"],
    [`${train} --crops --strict`, "--strict: no effect with --crops"],
    ["eval NOWHERE.onnx NOWHERE --crops --strict", "--strict: no effect with --crops"],
  ])("%s: says what has no effect", async (line, sentence) => {
    expect(await said(line)).toContain(sentence);
  });

  it.each([
    `${train} --box-unit object --loss mixed --strict`,
    "eval NOWHERE.onnx NOWHERE --crops",
  ])("%s: is silent where all have one", async (line) => {
    expect(await said(line)).not.toContain("no effect");
  });
});
