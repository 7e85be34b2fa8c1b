import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadDetectionDataset, writeDetectionDataset, writeScenes } from "../../src/data/index.ts";
import { makeFolder, png, vocXml } from "./folder-fixture.ts";

test("a place that cannot be written is told of in words, and by the name that it was given", async () => {
  const root = await makeFolder({
    "a.xml": vocXml({ objects: [["cat", 1, 2, 30, 40]] }),
    "a.png": await png(),
    afile: "",
  });
  const out = join(root, "afile", "new");
  await expect(writeDetectionDataset(await loadDetectionDataset(root), out, "yolo")).rejects.toMatchObject({
    code: "output-unwritable",
    message: `Cannot write \`${out}\`: a file stands where a folder is needed; choose another folder.`,
  });
});

// Node's own recursive `mkdir` never returns there.
test.skipIf(process.platform !== "linux")(
  "a folder that the system never makes is told of at once",
  async () => {
    const root = await makeFolder({
      "a.xml": vocXml({ objects: [["cat", 1, 2, 30, 40]] }),
      "a.png": await png(),
    });
    const refusal = {
      code: "output-unwritable",
      message: "Cannot write `/proc/none/new`: no file or folder can be made there; choose another folder.",
    };
    const dataset = await loadDetectionDataset(root);
    await expect(writeDetectionDataset(dataset, "/proc/none/new", "yolo")).rejects.toMatchObject(refusal);
    await expect(writeScenes("/proc/none/new", { count: 1 })).rejects.toMatchObject(refusal);
  },
);

test("a picture that is gone since the data set was read is no fault of the place to write to", async () => {
  const root = await makeFolder({
    "a.xml": vocXml({ objects: [["cat", 1, 2, 30, 40]] }),
    "a.png": await png(),
  });
  const dataset = await loadDetectionDataset(root);
  await rm(join(root, "a.png"));
  await expect(writeDetectionDataset(dataset, join(root, "new"), "yolo")).rejects.toMatchObject({
    code: "picture-missing",
    message: `Picture \`${join(root, "a.png")}\` does not exist: check the path and the spelling.`,
  });
});
