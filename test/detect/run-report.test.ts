import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DetectorEvaluation, writeEvaluationReport } from "../../src/detect/index.ts";
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
