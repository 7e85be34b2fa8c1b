import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { run } from "../../src/cli/run.ts";

let folder: string;
const before = process.cwd();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-arguments-"));
  await writeFile(join(folder, "-dash.jpg"), "");
  await writeFile(join(folder, "-quiet.jpg"), "");
  await writeFile(join(folder, "trian"), "");
  process.chdir(folder);
});
afterAll(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});
afterEach(() => vi.restoreAllMocks());

/** What a command line ends with, and what it prints. */
async function outcome(line: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr]: string[][] = [[], []];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => stdout.push(String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => stderr.push(String(text)) > 0);
  const code = await run(line.split(" "));
  return { code, stdout: stdout.join(""), stderr: stderr.join("") };
}

describe("a misspelt sub-command", () => {
  it.each([
    ["detect tran two/ --out runs/x", "detect train"],
    ["detect evla", "detect eval"],
    ["landmarks Train points.csv --out x", "landmarks train"],
    ["localize evl a.jpg --model m.onnx", "localize eval"],
    ["classify tarin data --epochs 3", "classify train"],
    ["windows bnech m.onnx --model m.onnx", "windows bench"],
    ["style tarin starry.jpg --data photos", "style train"],
    ["models pul coco", "models pull"],
    ["models pul", "models pull"],
    ["inspect explian", "inspect explain"],
    ["inspect explian net.onnx a.jpg --out x", "inspect explain"],
  ])("%s means fovea %s", async (line, meant) => {
    const word = line.split(" ")[1];
    const [group] = line.split(" ");
    expect(await outcome(line)).toEqual({
      code: 2,
      stdout: "",
      stderr: `fovea: \`${word}\` is no file; did you mean \`fovea ${meant}\`? See: fovea ${group} --help\n`,
    });
  });

  it("is none where a file is called so, or where it is far from all", async () => {
    const file = await outcome("detect trian --model none.onnx");
    expect(file).toMatchObject({ code: 1, stderr: expect.stringContaining("none.onnx") });
    const far = await outcome("detect pictures");
    expect(far).toMatchObject({ code: 1, stderr: expect.stringContaining("`pictures` does not exist") });
  });
});

describe("names with a dash", () => {
  it.each(["-dash.jpg", "-quiet.jpg"])("says how %s, which is there, is named", async (name) => {
    const { code, stderr } = await outcome(`detect ${name}`);
    expect(stderr).toContain(`; a file of that name is ./${name}. See: fovea detect --help`);
    expect(code).toBe(2);
  });

  it("says nothing of files that are not there", async () => {
    const { stderr } = await outcome("detect a.jpg -out");
    expect(stderr).toBe("fovea: unknown option '-out'. See: fovea detect --help\n");
  });

  it.each(["detect -", "detect a.jpg -", "data check -"])("%s: stdin is not read", async (line) => {
    const { code, stderr } = await outcome(line);
    expect(stderr).toMatch(/^fovea: '-' names no file, and stdin is not read; .+ \.\/-\. See: /);
    expect(code).toBe(2);
  });
});

describe("fovea help", () => {
  it("walks all words", async () => {
    for (const path of ["detect", "detect train", "models convert"]) {
      expect(await outcome(`help ${path}`)).toEqual(await outcome(`${path} --help`));
    }
    expect(await outcome("help")).toEqual(await outcome("--help"));
  });

  it("ends at a word that is no command, and says which one may be meant", async () => {
    expect(await outcome("help detect tran")).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "fovea: `fovea detect` has no sub-command 'tran'; did you mean `fovea help detect train`? See: fovea detect --help\n",
    });
    expect((await outcome("help detect street.jpg")).stderr).toBe(
      "fovea: `fovea detect` has no sub-command 'street.jpg'. See: fovea detect --help\n",
    );
  });
});
