import { execFileSync } from "node:child_process";
import { link, open, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readPictureTar } from "../../../src/data/classified/read-pictures.ts";
import { indexTar, type LeftOutEntry } from "../../../src/data/classified/tar-index.ts";
import { readPictureBytes } from "../../../src/data/picture-bytes.ts";
import { makeFolder, png } from "../folder-fixture.ts";
import { makeTar, packFolder } from "./tar-fixture.ts";

const FORMATS = ["v7", "ustar", "oldgnu", "gnu", "pax"] as const;

/** Paths and contents of the files that an archive's index finds. */
async function unpack(archive: string): Promise<Record<string, string>> {
  const bytes = await readFile(archive);
  const entries = await indexTar(archive);
  expect(new Set(entries.map(({ path }) => path)).size, "paths occur once").toBe(entries.length);
  return Object.fromEntries(
    entries.map(({ path, offset, length }) => [path, bytes.toString("utf8", offset, offset + length)]),
  );
}

describe.each(FORMATS)("an archive in the format %s", (format) => {
  const options = [`--format=${format}`];

  it("is indexed with the folders within it, whatever the files' lengths", async () => {
    const files = {
      "a.txt": "",
      "cat/1.txt": "x".repeat(511),
      "cat/2.txt": "y".repeat(512),
      "cat/deep/er/3.txt": "z".repeat(513),
      "dog/größe 1.txt": "ü",
    };
    expect(await unpack(await makeTar(files, options))).toEqual(files);
  });

  it("gives files only: no folders, symbolic links or pipes", async () => {
    const folder = await makeFolder({ "cat/1.txt": "one", "dog/2.txt": "two" });
    await symlink("1.txt", join(folder, "cat/link.txt"));
    await symlink("dog", join(folder, "linked"));
    // Formats from before POSIX cannot hold a pipe.
    if (format !== "v7") execFileSync("mkfifo", [join(folder, "dog/pipe.txt")]);
    expect(await unpack(await packFolder(folder, options))).toEqual({
      "./cat/1.txt": "one",
      "./dog/2.txt": "two",
    });
  });

  it("may be empty", async () => {
    const folder = await makeFolder({});
    const archive = await packFolder(folder, options, ["-T", "/dev/null"]);
    expect((await readFile(archive)).length).toBeGreaterThan(1000);
    expect(await indexTar(archive)).toEqual([]);
  });
});

describe("long names", () => {
  const deep = Array.from({ length: 6 }, (_, i) => `folder-number-${i}-of-many`).join("/");

  it.each([
    ["ustar", `${deep}/picture.txt`],
    ["gnu", `${deep}/${"n".repeat(120)}.txt`],
    ["pax", `${deep}/${"n".repeat(120)}.txt`],
    ["pax", `${deep}/${"é中".repeat(40)}.txt`],
  ])("are whole in %s", async (format, name) => {
    expect(name.length).toBeGreaterThan(100);
    const files = { [name]: "long", "z.txt": "short" };
    expect(await unpack(await makeTar(files, [`--format=${format}`]))).toEqual(files);
  });

  it("of links do not pass to the next file", async () => {
    for (const format of ["gnu", "pax"]) {
      const folder = await makeFolder({ "b.txt": "b" });
      await symlink(`${deep}/${"n".repeat(120)}`, join(folder, `a${"m".repeat(120)}`));
      const archive = await packFolder(folder, [`--format=${format}`, "--sort=name"]);
      expect(await unpack(archive)).toEqual({ "./b.txt": "b" });
    }
  });
});

it("reads sizes from extended headers and passes over global ones", async () => {
  const options = ["--format=pax", "--pax-option=comment=all of it,size:=3"];
  const archive = await makeTar({ "a.txt": "abc" }, options);
  const bytes = await readFile(archive);
  let header = 0;
  while (bytes.toString("latin1", header, header + 6) !== "a.txt\0") header += 512;
  expect(bytes.toString("latin1", header + 124, header + 135)).toBe("00000000003");
  bytes.write("00000000000", header + 124);
  await writeFile(archive, withRightSum(bytes, header));
  expect(await unpack(archive)).toEqual({ "a.txt": "abc" });
});

it("reads sizes in binary, as GNU writes those of 8 GB and more", async () => {
  const archive = await makeTar({ "a.txt": "abc", "b.txt": "b" }, ["--format=gnu", "--sort=name"]);
  const bytes = await readFile(archive);
  bytes.fill(0, 124, 136);
  bytes[124] = 0x80;
  bytes[135] = 3;
  await writeFile(archive, withRightSum(bytes));
  expect(await unpack(archive)).toEqual({ "a.txt": "abc", "b.txt": "b" });
});

it("does not take the times that GNU writes behind a name for a part of it", async () => {
  const options = ["--format=gnu", "--incremental"];
  const archive = await makeTar({ "cat/1.txt": "one" }, options);
  const bytes = await readFile(archive);
  expect(bytes.toString("latin1", bytes.indexOf("cat/1.txt\0") + 345).charAt(0)).toMatch(/[0-7]/);
  expect(await unpack(archive)).toEqual({ "cat/1.txt": "one" });
});

it("knows a folder by the slash at its name's end where the header does not say", async () => {
  const archive = await makeTar({ "cat/1.txt": "one" }, ["--format=ustar"]);
  const bytes = await readFile(archive);
  expect([bytes.toString("latin1", 0, 4), bytes[156]]).toEqual(["cat/", 0x35]);
  bytes[156] = 0;
  await writeFile(archive, withRightSum(bytes));
  expect(await unpack(archive)).toEqual({ "cat/1.txt": "one" });
});

it("takes the last of files that were added under one path", async () => {
  const folder = await makeFolder({ "a.txt": "old", "b.txt": "b" });
  const archive = await packFolder(folder, [], ["a.txt", "b.txt"]);
  await writeFile(join(folder, "a.txt"), "newer");
  execFileSync("tar", ["-rf", archive, "-C", folder, "a.txt"]);
  expect(await unpack(archive)).toEqual({ "a.txt": "newer", "b.txt": "b" });
});

it("gives where a picture's bytes lie", async () => {
  const pictures = { "cat/1.png": await png(30, 20, 5), "dog/2.png": await png(50, 40, 700) };
  const archive = await makeTar(pictures);
  for (const { path, offset, length } of await indexTar(archive)) {
    const bytes = await readPictureBytes({ file: archive, offset, length });
    expect(Buffer.compare(bytes as Uint8Array, pictures[path as keyof typeof pictures])).toBe(0);
  }
  expect(await indexTar(archive)).toHaveLength(2);
});

it("tells when a picture's archive is gone or has become shorter", async () => {
  const archive = await makeTar({ "cat/1.png": await png() });
  const [{ offset, length }] = await indexTar(archive);
  await truncate(archive, offset + length - 1);
  await expect(readPictureBytes({ file: archive, offset, length })).rejects.toMatchObject({
    name: "FoveaError",
    code: "picture-missing",
    message: expect.stringMatching(/ends before byte \d+: copy it again\.$/),
  });
  await expect(readPictureBytes({ file: `${archive}x`, offset, length })).rejects.toMatchObject({
    code: "picture-missing",
    message: expect.stringContaining("cannot be opened"),
  });
});

describe("what tar stores otherwise than a file's bytes", () => {
  it.each(["gnu", "pax", "ustar", "v7"])("a hard link is a second name in the format %s", async (format) => {
    const folder = await makeFolder({ "cat/1.txt": "one", "z.txt": "z" });
    await link(join(folder, "cat/1.txt"), join(folder, "cat/second.txt"));
    const members = ["cat/1.txt", "cat/second.txt", "z.txt"];
    const archive = await packFolder(folder, [`--format=${format}`], members);
    expect(await unpack(archive)).toEqual({ "cat/1.txt": "one", "cat/second.txt": "one", "z.txt": "z" });
  });

  it.each(["gnu", "pax"])("a hard link of long names in the format %s", async (format) => {
    const [first, second] = [`a/${"n".repeat(150)}.txt`, `b/${"m".repeat(150)}.txt`];
    const folder = await makeFolder({ [first]: "one", "b/x.txt": "x" });
    await link(join(folder, first), join(folder, second));
    const archive = await packFolder(folder, [`--format=${format}`], [first, second, "b/x.txt"]);
    expect(await unpack(archive)).toEqual({ [first]: "one", [second]: "one", "b/x.txt": "x" });
  });

  it("sparse files are told, and what follows them is found", async () => {
    for (const format of ["gnu", "pax"]) {
      const folder = await makeFolder({ "holes.txt": "", "whole.txt": "w".repeat(5000), "z.txt": "z" });
      const file = await open(join(folder, "holes.txt"), "w");
      for (let i = 0; i < 60; i++) await file.write("data", 65_536 * i); // more pieces than two blocks name
      await file.close();
      const left: LeftOutEntry[] = [];
      const options = [`--format=${format}`, "--sparse", "--hole-detection=raw"];
      const archive = await packFolder(folder, options, ["holes.txt", "whole.txt", "z.txt"]);
      const entries = await indexTar(archive, (entry) => left.push(entry));
      expect(entries.map(({ path, length }) => [path, length])).toEqual([
        ["whole.txt", 5000],
        ["z.txt", 1],
      ]);
      expect(left).toEqual([{ path: "holes.txt", what: expect.stringContaining("holes") }]);
      expect((await unpack(archive))["z.txt"]).toBe("z");
    }
  });

  it("a sparse file without holes is a file", async () => {
    const archive = await makeTar({ "a.txt": "abc", "b.txt": "b" }, ["--format=gnu", "--sort=name"]);
    const bytes = await readFile(archive);
    bytes[156] = "S".charCodeAt(0);
    bytes.write("00000000000\0" + "00000000003\0", 386); // one piece from byte 0, of 3 bytes
    bytes.write("00000000003\0", 483);
    await writeFile(archive, withRightSum(bytes));
    expect(await unpack(archive)).toEqual({ "a.txt": "abc", "b.txt": "b" });
  });

  it("one block of zeros is not the end, two are", async () => {
    const archive = await makeTar({ "a.txt": "abc", "b.txt": "b" }, ["--format=ustar", "--sort=name"]);
    const bytes = await readFile(archive);
    const [zeros, first, second] = [Buffer.alloc(512), bytes.subarray(0, 1024), bytes.subarray(1024, 2048)];
    await writeFile(archive, Buffer.concat([first, zeros, second]));
    expect(Object.keys(await unpack(archive))).toEqual(["a.txt", "b.txt"]);
    await writeFile(archive, Buffer.concat([first, zeros, zeros, second]));
    expect(Object.keys(await unpack(archive))).toEqual(["a.txt"]);
  });

  it("pictures that are no files become problems, and second names examples", async () => {
    const folder = await makeFolder({
      "cat/1.png": await png(),
      "dog/2.png": await png(9, 9, 3),
      "dog/n.txt": "",
    });
    await link(join(folder, "cat/1.png"), join(folder, "cat/again.png"));
    await symlink("2.png", join(folder, "dog/link.png"));
    await symlink("n.txt", join(folder, "dog/link.txt"));
    const members = ["cat/1.png", "cat/again.png", "dog"];
    const archive = await packFolder(folder, ["--format=gnu"], members);
    const { examples, problems } = await readPictureTar(archive);
    expect(examples.map(({ id }) => id)).toEqual(["cat/1.png", "cat/again.png", "dog/2.png"]);
    expect(examples[1].bytes).toEqual(examples[0].bytes);
    expect(problems).toEqual([
      {
        kind: "picture-unreadable",
        file: join(archive, "dog/link.png"),
        detail: "It is a symbolic link to `2.png`: skipped. Pack the picture itself.",
      },
    ]);
  });
});

describe("a damaged archive", () => {
  // Two files: header, two blocks, header, one block.
  const files = { "a.txt": "a".repeat(700), "b.txt": "b".repeat(100) };

  it.each([
    ["within the first header", 100, /it ends at byte 100/],
    ["within a file", 900, /it ends within `a\.txt`/],
    ["within a file's last block, after its last byte", 1300, /it ends within `a\.txt`/],
    ["within a later header", 1536 + 200, /it ends at byte 1736/],
    ["before a file's first byte", 2048, /it ends within `b\.txt`/],
  ])("is refused when it is cut off %s", async (_, size, reason) => {
    const archive = await makeTar(files, ["--format=ustar", "--sort=name"]);
    await truncate(archive, size);
    await expectUnreadable(archive, reason);
  });

  it("names the file that it ends within by its long name", async () => {
    const name = `${"n".repeat(150)}.txt`;
    const archive = await makeTar({ [name]: "a".repeat(700) }, ["--format=gnu"]);
    await truncate(archive, 2000);
    await expectUnreadable(archive, new RegExp(`it ends within \`${name}\``));
  });

  it("is refused when it has no valid size or header", async () => {
    const archive = await makeTar({ "a.txt": "abc" }, ["--format=ustar"]);
    const bytes = await readFile(archive);
    bytes.write("zzz", 124);
    await writeFile(archive, bytes);
    await expectUnreadable(archive, /byte 0 begins no tar header/);
    await writeFile(archive, withRightSum(bytes));
    await expectUnreadable(archive, /`a\.txt` has no valid size/);
  });

  it.each([
    ["text", Buffer.from("This is no archive. ".repeat(100)), /byte 0 begins no tar header/],
    ["a short text", Buffer.from("no archive"), /it ends at byte 10/],
    ["a compressed archive", gzipSync(Buffer.alloc(10_240)), /Unpack a compressed one first/],
  ])("is refused when it is %s", async (_, content, reason) => {
    const folder = await makeFolder({ "set.tar": content });
    await expectUnreadable(join(folder, "set.tar"), reason);
  });

  it("is refused when it is a real compressed archive, or a folder", async () => {
    const incompressible = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i * 7919) >> 5));
    const archive = await makeTar({ "a.bin": incompressible }, ["--gzip"]);
    expect((await readFile(archive)).subarray(0, 2)).toEqual(Buffer.of(0x1f, 0x8b));
    await expectUnreadable(archive, /byte 0 begins no tar header/);
    await expectUnreadable(await makeFolder({}), /it is no file/);
  });

  it("is refused when it is not there", async () => {
    await expect(indexTar(join(await makeFolder({}), "gone.tar"))).rejects.toMatchObject({
      name: "FoveaError",
      code: "tar-missing",
      message: expect.stringMatching(/cannot be opened .* check the path\.$/),
    });
  });
});

async function expectUnreadable(archive: string, reason: RegExp): Promise<void> {
  await expect(indexTar(archive)).rejects.toMatchObject({
    name: "FoveaError",
    code: "tar-unreadable",
    message: expect.stringMatching(reason),
  });
}

/** The archive with the sum of the header that begins at a byte put right. */
function withRightSum(bytes: Buffer, header = 0): Buffer {
  bytes.fill(" ", header + 148, header + 156);
  const sum = bytes.subarray(header, header + 512).reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, header + 148, "latin1");
  return bytes;
}
