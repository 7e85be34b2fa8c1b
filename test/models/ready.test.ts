import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FoveaError } from "../../src/core/index.ts";
import {
  cachedModel,
  isCached,
  packageFolder,
  type ReadyModel,
  readyModels,
} from "../../src/models/index.ts";

const kept = process.env.FOVEA_CACHE;
let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "fovea-ready-"));
  process.env.FOVEA_CACHE = cache;
});
afterEach(async () => {
  await rm(cache, { recursive: true, force: true });
  if (kept === undefined) delete process.env.FOVEA_CACHE;
  else process.env.FOVEA_CACHE = kept;
});

const model = readyModels.get("faces-tiny")!;
const content = Uint8Array.of(1, 2, 3, 4);

/** Counts conversions. */
function counted() {
  const calls: (readonly string[])[] = [];
  const convert = async (files: readonly string[]) => {
    calls.push(files);
    return content;
  };
  return { calls, convert };
}

describe("cachedModel", () => {
  it("converts once", async () => {
    const { calls, convert } = counted();
    const first = await cachedModel(model, convert);
    expect(first).toMatchObject({ wasCached: false, bytes: content });
    const second = await cachedModel(model, convert);
    expect(second).toMatchObject({ wasCached: true, path: first.path });
    expect(Array.from(second.bytes)).toEqual(Array.from(content));
    expect(calls).toHaveLength(1);
    expect(calls[0][0]).toMatch(/tiny_face_detector_model-weights_manifest\.json$/);
    expect(await isCached(model)).toBe(true);
  });

  it.each([
    ["was cut off", (path: string) => writeFile(path, content.subarray(0, 2))],
    ["was altered", (path: string) => writeFile(path, Uint8Array.of(1, 2, 3, 5))],
    ["lost its digest", (path: string) => rm(`${path}.sha256`)],
  ])("makes a file anew that %s", async (_, damage) => {
    const { calls, convert } = counted();
    const { path } = await cachedModel(model, convert);
    await damage(path);
    expect(await isCached(model)).toBe(false);
    const again = await cachedModel(model, convert);
    expect(again.wasCached).toBe(false);
    expect(Array.from(await readFile(path))).toEqual(Array.from(content));
    expect(calls).toHaveLength(2);
  });

  it("is safe with several at once", async () => {
    const { convert } = counted();
    const all = await Promise.all(Array.from({ length: 8 }, () => cachedModel(model, convert)));
    expect(new Set(all.map(({ path }) => path)).size).toBe(1);
    expect(await isCached(model)).toBe(true);
    const files = await readdir(join(cache, "models"));
    expect(files.filter((file) => !file.endsWith(".sha256"))).toHaveLength(1);
  });

  it("works where nothing can be kept, and says why", async () => {
    process.env.FOVEA_CACHE = join(cache, "file");
    await writeFile(process.env.FOVEA_CACHE, "in the way");
    const { convert } = counted();
    const { bytes, notKept } = await cachedModel(model, convert);
    expect(bytes).toBe(content);
    expect(notKept).toMatch(/Cannot write/);
  });

  it("names a package that is not installed", async () => {
    const missing: ReadyModel = { ...model, source: { ...model.source, package: "fovea-no-such" } };
    await expect(cachedModel(missing, counted().convert)).rejects.toMatchObject({
      name: "FoveaError",
      code: "package-missing",
    });
    await expect(cachedModel(missing, counted().convert)).rejects.toThrow("npm install fovea-no-such");
  });

  it("names weights that are gone", async () => {
    const { source } = model;
    const gone: ReadyModel = { ...model, source: { ...source, files: ["model/none.bin"] } };
    await expect(cachedModel(gone, counted().convert)).rejects.toMatchObject({ code: "weights-missing" });
  });

  it("refuses weights that are not those of the package that it knows", async () => {
    const { source } = model;
    const altered: ReadyModel = { ...model, source: { ...source, sha256: "0".repeat(64) } };
    await expect(cachedModel(altered, counted().convert)).rejects.toMatchObject({ code: "weights-damaged" });
    await expect(cachedModel(altered, counted().convert)).rejects.toThrow(/faces-tiny.*npm ci/);
  });

  it("keeps nothing of a conversion that fails", async () => {
    const fails = () => Promise.reject(new FoveaError("weights-truncated", "cut"));
    await expect(cachedModel(model, fails)).rejects.toMatchObject({ code: "weights-truncated" });
    expect(await isCached(model)).toBe(false);
  });
});

describe("the catalogue", () => {
  it.each(
    [...readyModels.values()].map((one) => [one.name, one] as const),
  )("names files of %s that are installed", async (_, { source }) => {
    const folder = await packageFolder(source.package);
    for (const file of source.files) expect((await stat(join(folder, file))).size).toBeGreaterThan(1000);
  });
});
