import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadClassificationDataset } from "../../../src/data/classified/index.ts";
import { makeFolder } from "../folder-fixture.ts";
import { contents, noDraw, packFolderAs, pictures } from "./classified-fixture.ts";
import { npy, npz } from "./npy-fixture.ts";

/** A folder with pictures of two classes in folders of some splits, and in archives of others. */
async function foldersAndArchives(folders: readonly string[], archives: readonly string[]): Promise<string> {
  const root = await makeFolder(
    pictures(...folders.flatMap((split) => [`${split}/a/1.png`, `${split}/b/2.png`])),
  );
  for (const split of archives) {
    await packFolderAs(
      join(root, `${split}.tar`),
      await makeFolder(pictures(`a/${split}3.png`, `b/${split}4.png`)),
    );
  }
  return root;
}

describe("an archive beside folders of splits", () => {
  it.each([
    ["all were unpacked", ["train", "val"], ["train", "val"]],
    ["one was unpacked", ["train", "val"], ["val"]],
    ["there is one of another split", ["train"], ["val"]],
  ])("is not read where %s", async (_, folders, archives) => {
    const root = await foldersAndArchives(folders, archives);
    const dataset = await loadClassificationDataset(root, noDraw);
    const read = Object.entries(contents(dataset)).filter(([, examples]) => examples.length > 0);
    expect(read).toEqual(folders.map((split) => [split, [`${split}/a/1.png a`, `${split}/b/2.png b`]]));
    expect(dataset.problems).toEqual(
      archives.map((split) => ({
        kind: "example-unreadable",
        file: join(root, `${split}.tar`),
        detail: expect.stringMatching(/^The file is not read, because folders beside it hold examples/),
      })),
    );
  });

  it("is read where archives make more splits than the folders", async () => {
    const dataset = await loadClassificationDataset(
      await foldersAndArchives(["train"], ["train", "val"]),
      noDraw,
    );
    expect(contents(dataset).train).toEqual(["train/a/train3.png a", "train/b/train4.png b"]);
    expect(contents(dataset).val).toHaveLength(2);
  });

  it("is read where the folders hold no classes", async () => {
    const root = await foldersAndArchives([], ["train"]);
    await writeFile(join(root, "readme.txt"), "pictures");
    const plots = await makeFolder(pictures("train/plots/1.png", "val/plots/2.png"));
    await packFolderAs(join(plots, "train.tar"), await makeFolder(pictures("a/1.png", "b/2.png")));
    expect((await loadClassificationDataset(root, noDraw)).classes).toEqual(["a", "b"]);
    expect((await loadClassificationDataset(plots, noDraw)).classes).toEqual(["a", "b"]);
  });

  it("of volumes is not read either", async () => {
    const volume = npy("<f4", [2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
    const root = await makeFolder({
      "train/a/1.npy": volume,
      "train/b/1.npy": volume,
      "val.npz": npz({
        voxels: npy("<f4", [1, 2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]),
        labels: npy("<i4", [1], [0]),
      }),
    });
    const { classes, splits, problems } = await loadClassificationDataset(root, noDraw);
    expect([classes, splits.train.length, splits.val.length]).toEqual([["a", "b"], 2, 0]);
    expect(problems).toContainEqual(expect.objectContaining({ file: join(root, "val.npz") }));
  });
});
