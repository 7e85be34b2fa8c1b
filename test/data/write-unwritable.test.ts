import { join } from "node:path";
import { expect, test } from "vitest";
import { loadDetectionDataset, writeDetectionDataset } from "../../src/data/index.ts";
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
