import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EncodingIndex, Gallery } from "../../../src/face/gallery/index.ts";
import { openGallery } from "../../../src/face/gallery/open-gallery.ts";
import { ClusteredEncodings } from "./clustered-encodings.ts";
import { emptyGallery, temporaryFolder } from "./new-gallery.ts";
import { encoder, facesOf } from "./people-of-tests.ts";

const make = new ClusteredEncodings(31);
const open: Gallery[] = [];
afterEach(async () => {
  for (const gallery of open.splice(0)) await gallery.close();
});

async function opened(folder: string, options = {}): Promise<Gallery> {
  const gallery = await Gallery.open(folder, { encoder, ...options });
  open.push(gallery);
  return gallery;
}

/** The error of opening a gallery, in one line. */
async function refusal(folder: string, options = {}): Promise<{ code: string; message: string }> {
  const error = await Gallery.open(folder, { encoder, ...options }).then(
    (gallery) => gallery.close().then(() => ({ code: "none", message: "" })),
    (error) => error,
  );
  expect(error.message).not.toContain("\n");
  return error;
}

describe("A gallery's folder", () => {
  it.each([false, true])("is not made unless asked for (there is an empty folder: %s)", async (isThere) => {
    const folder = join(await temporaryFolder(), "new");
    if (isThere) await mkdir(folder);
    expect(await refusal(folder)).toMatchObject({
      code: "gallery-missing",
      message: expect.stringContaining(`fovea face enroll NAME PICTURES… --gallery ${folder}`),
    });
    expect(existsSync(folder)).toBe(isThere);
  });

  it("is refused, and left as it is, where it holds something else", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "photo.jpg"), "a picture");
    expect(await refusal(folder, { create: true })).toMatchObject({
      code: "gallery-foreign",
      message: expect.stringContaining("`photo.jpg`"),
    });
    await writeFile(join(folder, "gallery.json"), '{"pictures":[]}');
    expect(await refusal(folder, { create: true })).toMatchObject({ code: "gallery-foreign" });
    expect(await refusal(join(folder, "photo.jpg"), { create: true })).toMatchObject({
      code: "gallery-foreign",
    });
    expect(await refusal(join(folder, "photo.jpg/below"), { create: true })).toMatchObject({
      code: "gallery-foreign",
    });
    expect(await readFile(join(folder, "photo.jpg"), "utf8")).toBe("a picture");
  });

  it.runIf(process.platform === "linux")("is not waited for where it cannot be made", async () => {
    expect(await refusal("/proc/fovea/gallery", { create: true })).toMatchObject({
      code: "gallery-unwritable",
    });
  });

  it("is made anew where its making was interrupted", async () => {
    const folder = await temporaryFolder();
    await writeFile(
      join(folder, "gallery.json"),
      '{"fovea":"face gallery","version":1,"state":"unfinished"}',
    );
    await mkdir(join(folder, "postgres"));
    await writeFile(join(folder, "postgres/PG_VERSION"), "18");
    expect(await refusal(folder)).toMatchObject({ code: "gallery-missing" });
    const gallery = await opened(folder, { create: true });
    expect(await gallery.people()).toEqual([]);
  });

  it("is refused where an earlier Fovea has made its tables", async () => {
    const folder = await emptyGallery();
    const { database, close } = await openGallery(folder, {});
    await database.query("UPDATE fovea_gallery SET schema_version = 1");
    await close();
    expect(await refusal(folder)).toMatchObject({
      code: "gallery-older",
      message: expect.stringMatching(/format 1, .*enroll the pictures again/),
    });
  });

  it("is refused where a newer Fovea has made it", async () => {
    const folder = await emptyGallery();
    await writeFile(join(folder, "gallery.json"), '{"fovea":"face gallery","version":2,"state":"ready"}');
    expect(await refusal(folder)).toMatchObject({
      code: "gallery-newer",
      message: expect.stringContaining("format 2"),
    });
  });

  it("is refused in a sentence where its database is damaged", async () => {
    const folder = await emptyGallery();
    await writeFile(join(folder, "postgres/global/pg_control"), "nothing");
    expect(await refusal(folder)).toMatchObject({
      code: "gallery-unreadable",
      message: expect.stringMatching(/pg_control.*; restore/),
    });
  });
});

describe("The lock of a gallery's folder", () => {
  it("keeps others out, and lets them in afterwards", async () => {
    const folder = await emptyGallery();
    const gallery = await opened(folder);
    expect(await refusal(folder, { waitMs: 100 })).toMatchObject({
      code: "gallery-in-use",
      message: expect.stringContaining(`process ${process.pid} (this one)`),
    });
    const waiting = opened(folder, { waitMs: 60_000 });
    await gallery.enroll({ name: "Ada", faces: facesOf([make.person()()], "ada") });
    await gallery.close();
    expect((await (await waiting).people()).map(({ name }) => name)).toEqual(["Ada"]);
  });

  it("is released though the search cannot be closed", async () => {
    const folder = await emptyGallery();
    const gallery = await Gallery.open(folder, { encoder, search: "memory" });
    const close = vi.spyOn(EncodingIndex.prototype, "close").mockRejectedValueOnce(new Error("stuck"));
    await expect(gallery.close()).rejects.toThrow("stuck");
    close.mockRestore();
    expect(await (await opened(folder, { waitMs: 100 })).people()).toEqual([]);
  });

  it("tells the process that lives, and is taken over from one that was killed", async () => {
    const folder = await emptyGallery();
    const script = new URL("./hold-gallery.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, ["--import", "tsx", script, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    expect(await refusal(folder, { waitMs: 100 })).toMatchObject({
      code: "gallery-in-use",
      message: expect.stringContaining(`process ${child.pid};`),
    });
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(existsSync(join(folder, "lock"))).toBe(true);
    // Several find it at once; one after the other has it.
    const all = [1, 2, 3].map(async () => {
      const gallery = await Gallery.open(folder, { encoder, waitMs: 60_000 });
      const people = await gallery.people();
      await gallery.close();
      return people;
    });
    expect(await Promise.all(all)).toEqual([[], [], []]);
  });

  it("is not taken over from another process of the same number, nor trusted to be another's", async () => {
    const folder = await emptyGallery();
    const lock = (holder: object) =>
      writeFile(join(folder, "lock"), JSON.stringify({ token: "x", ...holder }));
    await lock({ pid: process.pid, host: hostname(), started: "before the boot" });
    await (await opened(folder, { waitMs: 0 })).close(); // that process is gone
    await lock({ pid: 999_999_999, host: "elsewhere", started: "" });
    expect(await refusal(folder, { waitMs: 0 })).toMatchObject({
      code: "gallery-in-use",
      message: expect.stringMatching(/999999999 on elsewhere; .*delete `.*lock`/),
    });
    await writeFile(join(folder, "lock"), "no JSON");
    expect(await refusal(folder, { waitMs: 0 })).toMatchObject({ code: "gallery-in-use" });
  });
});

/** A file system of so many megabytes, where this process may make one. */
async function smallDisk(megabytes: number): Promise<string | undefined> {
  const folder = await temporaryFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder], { stdio: "ignore" });
    return folder;
  } catch {
    return undefined;
  }
}

describe("A gallery on a small disk (where this user may mount one)", { timeout: 180_000 }, () => {
  it("says that the disk is full, keeps what was written, and goes on when there is space", async ({
    skip,
  }) => {
    const disk = await smallDisk(34);
    if (!disk) return skip("this user may not mount a small disk");
    try {
      const folder = join(disk, "gallery");
      await cp(await emptyGallery(), folder, { recursive: true });
      const ballast = join(disk, "ballast");
      await writeFile(ballast, new Uint8Array(6 * 2 ** 20));
      let gallery = await opened(folder);
      let people = 0;
      const enrollMany = async () => {
        for (; people < 2000; people++) {
          const person = make.person();
          await gallery.enroll({
            name: `Person ${people}`,
            faces: facesOf([person(), person(), person()], `${people}`),
          });
        }
      };
      await expect(enrollMany()).rejects.toMatchObject({ code: "gallery-full" });
      await expect(gallery.people()).rejects.toMatchObject({ code: "gallery-full" });
      await gallery.close();
      await writeFile(ballast, "");
      gallery = await opened(folder);
      expect((await gallery.people()).map(({ faces }) => faces)).toEqual(new Array(people).fill(3));
      await gallery.enroll({ name: "Ada", faces: facesOf([make.person()()], "ada") });
      await gallery.close();
    } finally {
      execFileSync("umount", ["-l", disk]);
    }
  });

  it("says that it cannot be written", async ({ skip }) => {
    const disk = await smallDisk(60);
    if (!disk) return skip("this user may not mount a small disk");
    try {
      const folder = join(disk, "gallery");
      await cp(await emptyGallery(), folder, { recursive: true });
      execFileSync("mount", ["-o", "remount,ro", disk]);
      expect(await refusal(folder)).toMatchObject({ code: "gallery-unwritable" });
      expect(await refusal(join(disk, "new"), { create: true })).toMatchObject({
        code: "gallery-unwritable",
      });
    } finally {
      execFileSync("umount", ["-l", disk]);
    }
  });

  it("leaves nothing that is in the way where there was no space to make it", async ({ skip }) => {
    const disk = await smallDisk(12);
    if (!disk) return skip("this user may not mount a small disk");
    try {
      const folder = join(disk, "with/folders/above");
      expect(await refusal(folder, { create: true })).toMatchObject({ code: "gallery-full" });
      expect((await stat(folder)).mode & 0o077).toBe(0); // for its owner alone
      expect(await refusal(folder)).toMatchObject({ code: "gallery-missing" });
      execFileSync("mount", ["-o", "remount,size=80m", disk]);
      await (await opened(folder, { create: true })).close();
    } finally {
      execFileSync("umount", ["-l", disk]);
    }
  });
});
