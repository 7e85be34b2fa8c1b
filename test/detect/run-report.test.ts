import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
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

it("counts errors by kind and class, and shows false finds and missed objects", async () => {
  const path = join(out, "b.png");
  await savePicture({ width: 120, height: 40, data: new Uint8Array(3 * 120 * 40).fill(90) }, path);
  const [left, right] = [
    [2, 2, 12, 12],
    [100, 20, 118, 38],
  ] as const;
  const picture = {
    id: "folder/b",
    width: 120,
    height: 40,
    boxes: [
      { classIndex: 0, box: left },
      { classIndex: 1, box: [50, 5, 80, 35] as const },
    ],
    detections: [
      { classIndex: 0, score: 0.9, box: left },
      { classIndex: 1, score: 0.95, box: right },
    ],
  };
  const figures = evaluateDetections({ classes: ["cat", "dog"], pictures: [picture] });
  const evaluation = { ...figures, pictures: [picture] } as unknown as DetectorEvaluation;
  const samples = [{ ...picture, path, boxes: [] }];
  const folder = join(out, "errors");
  const options = { out: folder, title: "t", subtitle: "s", samples, evaluation };
  const html = await readFile(await writeEvaluationReport(options), "utf8");
  const row = (title: string) =>
    [...new RegExp(`<td>${title}</td>(.*?)</tr>`, "s").exec(html)![1].matchAll(/>(\d+)</g)].map(([, n]) => n);
  expect(row("found where nothing is labelled")).toEqual(["0", "1", "1"]);
  expect(row("missed")).toEqual(["0", "1", "1"]);
  expect(row("found twice")).toEqual(["0", "0", "0"]);
  for (const name of ["false-finds", "missed"]) {
    expect((await stat(join(folder, "plots", `${name}.jpg`))).size).toBeGreaterThan(1000);
  }
});
