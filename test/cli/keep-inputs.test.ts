import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addDataCheck } from "../../src/cli/commands/data-check.ts";
import { quietOption } from "../../src/cli/options.ts";
import { nameDrawings } from "../../src/cli/picture-files.ts";
import { keepInputs } from "../../src/core/index.ts";

let folder: string;
const at = (...path: string[]) => join(folder, ...path);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-inputs-"));
  await mkdir(at("images"));
  await mkdir(at("labels"));
  const picture = sharp({ create: { width: 64, height: 48, channels: 3, background: "#48c" } });
  await picture.png().toFile(at("images", "a.png"));
  await symlink(at("images"), at("link"));
  await symlink(at("images", "a.png"), at("other.png"));
});
afterAll(() => rm(folder, { recursive: true }));

const refused = expect.objectContaining({ code: "output-is-input" });

describe("nameDrawings", () => {
  it("writes over no picture, by whatever path its folder is named", () => {
    expect(() => nameDrawings([at("images", "a.png")], at("link"))).toThrow(refused);
    expect(() => nameDrawings([at("link", "a.png")], at("images"))).toThrow(refused);
    expect(nameDrawings([at("images", "a.png")], at("link", "new"))).toEqual(
      new Map([[at("images", "a.png"), at("link", "new", "a.png")]]),
    );
  });

  it("writes over no picture of others, but over drawings of an earlier run", async () => {
    for (const name of ["album", "drawn", "drawn/regions"]) await mkdir(at(name));
    for (const name of ["album/a.png", "drawn/a.png", "drawn/regions/a.png"]) await writeFile(at(name), "");
    const name = (...out: [out: string, results?: string]) => nameDrawings([at("images", "a.png")], ...out);
    for (const out of ["album", "drawn"]) {
      expect(() => name(at(out))).toThrow(
        expect.objectContaining({
          code: "output-exists",
          message: `${at(out, "a.png")} exists already; choose another folder with --out.`,
        }),
      );
    }
    await writeFile(at("drawn", "landmarks.json"), "{}");
    expect([...name(at("drawn")).values()]).toEqual([at("drawn", "a.png")]);
    expect(() => name(at("drawn", "regions"))).toThrow(expect.objectContaining({ code: "output-exists" }));
    expect([...name(at("drawn", "regions"), at("drawn")).values()]).toEqual([
      at("drawn", "regions", "a.png"),
    ]);
  });
});

describe("keepInputs", () => {
  it("knows a file by each of its paths", () => {
    const keep = (output: string) => () => keepInputs(output, [at("images", "a.png")], "by itself.");
    for (const path of [at("images", "a.png"), at("link", "a.png"), at("other.png")]) {
      expect(keep(path)).toThrow(refused);
    }
    expect(keep(at("link", "b.png"))).not.toThrow();
    expect(keep(at("nowhere", "a.png"))).not.toThrow();
  });
});

describe("data check --out", () => {
  it("keeps the pictures of the data set", async () => {
    await writeFile(at("data.yaml"), "path: .\ntrain: images\nval: images\nnames: [sky]\n");
    await writeFile(at("labels", "a.txt"), "0 0.5 0.5 0.5 0.5\n");
    const before = await readFile(at("images", "a.png"));
    const program = new Command().addOption(quietOption()).exitOverride();
    addDataCheck(program);
    const argv = ["--quiet", "check", folder, "--json", "--out", at("link", "a.png")];
    await expect(program.parseAsync(argv, { from: "user" })).rejects.toEqual(refused);
    expect(await readFile(at("images", "a.png"))).toEqual(before);
  });
});
