import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "vitest";
import { makeFolder } from "../folder-fixture.ts";
import { expectRefused, packFolderAs, pictures } from "./classified-fixture.ts";
import { npy, npz } from "./npy-fixture.ts";
import { makeTar } from "./tar-fixture.ts";

describe("bad input", () => {
  it("is refused where nothing is there to be read", async () => {
    const root = await makeFolder({ "empty.tar": "", "notes.md": "", "cat/readme.txt": "" });
    await mkdir(join(root, "void"));
    await expectRefused(join(root, "gone"), "dataset-missing", /^There is no file or folder `.*gone`: check/);
    await expectRefused(
      join(root, "void"),
      "dataset-empty",
      /`.*void` has no labelled pictures, sequences or/,
    );
    await expectRefused(root, "dataset-empty", /put them into folders named after their classes/);
    await expectRefused(join(root, "empty.tar"), "dataset-empty", /has 0 files and no labelled picture/);
    await expectRefused(join(root, "notes.md"), "dataset-format", /`.*notes\.md` is no data set to classify/);
  });

  it("is refused where pictures lie in no class's folder", async () => {
    const files = pictures("1.png", "2.png");
    await expectRefused(await makeFolder(files), "dataset-empty", /put them into folders named after/);
    await expectRefused(
      await makeTar(files),
      "dataset-empty",
      /has 2 files and no labelled picture among them/,
    );
    const root = await makeFolder({});
    await packFolderAs(join(root, "train.tar"), await makeFolder(files));
    await expectRefused(root, "dataset-empty", /train\.tar` has 2 files/);
    await packFolderAs(join(root, "test.tar"), await makeFolder(pictures("1.png")));
    await expectRefused(
      root,
      "dataset-empty",
      /test\.tar` has 1 files .* First problem, in .*test\.tar\/1\.png/,
    );
  });

  it("is refused where an archive is damaged", async () => {
    const root = await makeFolder({ "train.tar": "no archive" });
    await expectRefused(root, "tar-unreadable", /train\.tar` is damaged or not a plain tar file/);
  });

  const series = "1,2\n3,4\n";
  const volume = npy("|u1", [1, 1, 2], [1, 2]);
  it.each<[string, Record<string, string | Uint8Array>, RegExp]>([
    [
      "pictures and sequences",
      { "cat/1.png": "", "beat/1.csv": series },
      /mixes sequences \(`beat\/1\.csv`\) and pictures \(`cat\/1\.png`\)/,
    ],
    [
      "pictures and volumes",
      { "cat/1.png": "", "cup/1.npy": volume },
      /mixes volumes \(`cup\/1\.npy`\) and pictures/,
    ],
    [
      "sequences and volumes",
      { "train/beat/1.tsv": series, "val/cup/1.nii.gz": "" },
      /mixes volumes \(`val\/cup\/1\.nii\.gz`\) and sequences/,
    ],
    [
      "tables and .npz files",
      {
        "train.csv": "a,1,2\n",
        "val.npz": npz({ x: npy("|u1", [1, 1, 1, 2], [1, 2]), y: npy("|u1", [1], [0]) }),
      },
      /mixes sequences of 1×2 .* and volumes of 1×1×1×2/,
    ],
  ])("is refused where a folder mixes %s", async (_, files, message) => {
    await expectRefused(await makeFolder(files), "dataset-format", message);
  });

  it("is refused where a folder mixes a tar file and a table", async () => {
    const root = await makeFolder({ "test.csv": "a,1,2\n" });
    await packFolderAs(join(root, "train.tar"), await makeFolder(pictures("cat/1.png")));
    await expectRefused(root, "dataset-format", /mixes sequences of 1×2 .* and pictures \(`train\.tar`\)/);
  });

  it.each([-0.1, 1, 1.5, Number.NaN])("is refused where valFraction is %s", async (valFraction) => {
    const root = await makeFolder(pictures("cat/1.png"));
    const message = new RegExp(
      `^\`valFraction\` \\(=${valFraction}\\) must be at least 0 and less than 1\\.$`,
    );
    await expectRefused(root, "dataset-split", message, { valFraction });
  });
});
