import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  classifierUse,
  detectorUse,
  encoderUse,
  type ModelUse,
  pointsUse,
  requireAnyModel,
  requireModel,
} from "../../src/cli/model-names.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-names-"));
  await writeFile(join(folder, "net"), "");
});
afterAll(() => rm(folder, { recursive: true }));

it.each<[string, ModelUse]>([
  ["coco", detectorUse],
  ["face-points", pointsUse],
  ["face-descriptor", encoderUse],
  ["missing.onnx", classifierUse], // which says whoever opens it
  ["hf:owner/repo/net", detectorUse],
])("lets %s pass", async (source, use) => {
  await expect(requireModel(source, use)).resolves.toBeUndefined();
});

it("lets a file without extension pass, and a folder, of which others say what it is", async () => {
  for (const path of [join(folder, "net"), folder]) {
    await expect(requireModel(path, detectorUse)).resolves.toBeUndefined();
  }
});

it.each<[string, ModelUse, string]>([
  [
    "coc",
    detectorUse,
    'There is no detector "coc"; choose coco, faces, faces-tiny, or give the path of an .onnx file.',
  ],
  [
    "facestiny",
    detectorUse,
    'There is no detector "facestiny"; choose faces-tiny, faces, coco, or give the path of an .onnx file.',
  ],
  ["coc", classifierUse, 'There is no classifier "coc"; give the path of an .onnx file.'],
  [
    "fovea-nano",
    classifierUse,
    '"fovea-nano" is no classifier, but a backbone, which trainings start from (--backbone); give the path of an .onnx file.',
  ],
  [
    "coco",
    pointsUse,
    '"coco" is no net of points, but for `fovea detect` (80 everyday things (CenterNet on MobileNetV3, COCO)); choose body, face-points, or give the path of an .onnx file.',
  ],
])("says of %s what there is instead", async (source, use, message) => {
  await expect(requireModel(source, use)).rejects.toMatchObject({ code: "model-unknown", message });
});

it("names backbones and ready models where any will do, the nearest first", async () => {
  for (const name of ["coco", "fovea-nano", "net.onnx"]) {
    await expect(requireAnyModel(name)).resolves.toBeUndefined();
  }
  await expect(requireAnyModel("fovea-nan")).rejects.toMatchObject({
    code: "model-unknown",
    message: expect.stringMatching(
      /^There is no model "fovea-nan"; choose fovea-nano, .*coco.*\.onnx file\.$/,
    ),
  });
});
