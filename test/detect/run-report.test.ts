import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DetectorEvaluation, writeEvaluationReport } from "../../src/detect/index.ts";
import { savePicture } from "../../src/image/index.ts";
import { evaluateDetections } from "../../src/metrics/index.ts";

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "fovea-report-"));
});
afterAll(() => rm(out, { recursive: true }));

it("shows no number for those of COCO's figures that do not exist", async () => {
  const small = [0, 0, 10, 10] as const;
  const figures = evaluateDetections({
    classes: ["cat"],
    pictures: [
      {
        id: "a",
        boxes: [{ classIndex: 0, box: small }],
        detections: [{ classIndex: 0, score: 0.8, box: small }],
      },
    ],
  });
  expect(figures.coco).toMatchObject({ APsmall: 1, APlarge: -1 });
  const evaluation = { ...figures, pictures: [] } as unknown as DetectorEvaluation;
  const html = await readFile(
    await writeEvaluationReport({ out, title: "t", subtitle: "s", samples: [], evaluation }),
    "utf8",
  );
  const figure = (name: string) =>
    new RegExp(`<td[^>]*>${name}</td>\\s*<td[^>]*>([^<]*)</td>`).exec(html)?.[1];
  expect(figure("APsmall")).toMatch(/^1/);
  expect(figure("APlarge")).toBe("–");
});

it("draws boxes as the evaluation counts their classes, whatever the data set's own order", async () => {
  const path = join(out, "a.png");
  await savePicture({ width: 20, height: 20, data: new Uint8Array(3 * 20 * 20) }, path);
  const box = [0, 0, 10, 10] as const;
  const picture = { id: "a", width: 20, height: 20, boxes: [{ classIndex: 0, box }], detections: [] };
  const evaluation = {
    ...evaluateDetections({ classes: ["cat"], pictures: [picture] }),
    pictures: [picture],
  } as unknown as DetectorEvaluation;
  const samples = [{ ...picture, path, boxes: [{ classIndex: 7, box, difficult: false }] }];
  const report = writeEvaluationReport({ out, title: "t", subtitle: "s", samples, evaluation });
  await expect(report).resolves.toBe(join(out, "report.html"));
});
