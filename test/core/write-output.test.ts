import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeOutputPieces } from "../../src/core/index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-output-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("writeOutputPieces", () => {
  it("writes all pieces, in folders that it makes, and follows a link", async () => {
    const path = join(folder, "new/below/a.txt");
    await writeOutputPieces(path, ["è ", "b", "", "c\n"]);
    expect(await readFile(path, "utf8")).toBe("è bc\n");
    const link = join(folder, "link.txt");
    await symlink(path, link);
    await writeOutputPieces(link, ["d"]);
    expect(await readFile(path, "utf8")).toBe("d");
    expect(await readdir(join(folder, "new/below"))).toEqual(["a.txt"]);
  });

  it("leaves what was there, and nothing beside it, where a piece fails", async () => {
    const path = join(folder, "kept.txt");
    await writeFile(path, "before");
    function* pieces() {
      yield "half";
      throw new Error("no more");
    }
    await expect(writeOutputPieces(path, pieces())).rejects.toThrow(/^no more$/);
    expect(await readFile(path, "utf8")).toBe("before");
    expect((await readdir(folder)).filter((name) => name.startsWith("kept"))).toEqual(["kept.txt"]);
  });

  it("writes pieces that are waited for, into a file of the given mode", async () => {
    const path = join(folder, "own.txt");
    async function* pieces() {
      yield "a";
      yield "b";
    }
    await writeOutputPieces(path, pieces(), 0o600);
    expect(await readFile(path, "utf8")).toBe("ab");
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it("says what stands in the way", async () => {
    await writeFile(join(folder, "file"), "");
    await expect(writeOutputPieces(join(folder, "file/a.json"), ["a"])).rejects.toMatchObject({
      message: expect.stringContaining("a file stands where a folder is needed"),
    });
  });

  it.runIf(process.platform === "linux")("does not wait for a folder that cannot be made", async () => {
    await expect(writeOutputPieces("/proc/fovea/a.json", ["a"])).rejects.toMatchObject({
      message: expect.stringContaining("no file or folder can be made there"),
    });
  });
});
