import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { loadPointDataset, type PointDataset } from "../../src/data/index.ts";
import { boxAround } from "../../src/geometry/index.ts";
import { evaluateLandmarker, Landmarker, schemeOfData } from "../../src/landmarks/index.ts";
import { useTemporaryCache } from "../models/temporary-cache.ts";

const FOLDER = resolve(import.meta.dirname, "../../../shared/data/face_landmarks");
const title = "500 faces with 68 points each";

describe.skipIf(!existsSync(FOLDER))(
  existsSync(FOLDER) ? title : `${title} (skipped: there is no ${FOLDER})`,
  () => {
    let dataset: PointDataset;
    beforeAll(async () => {
      // The labels lie 0.9 pixels right of what they mark: mirrored, they would lie left of it.
      dataset = await loadPointDataset(FOLDER, { origin: 1.4 });
    });
    useTemporaryCache();

    it("are split by person, and points outside of their pictures are left out", () => {
      const { splits, groups, problems, names, named } = dataset;
      expect([groups, names.length, named]).toEqual([212, 68, false]);
      expect([splits.train.length, splits.val.length, splits.test.length]).toEqual([400, 100, 0]);
      const people = (split: "train" | "val") => new Set(splits[split].map(({ group }) => group));
      expect([...people("val")].filter((person) => people("train").has(person))).toEqual([]);
      expect(new Set(problems.map(({ kind }) => kind))).toEqual(new Set(["point-outside"]));
    });

    it("have the same mean shape mirrored, with counterparts changing places", () => {
      const { pairs = [] } = schemeOfData(dataset);
      const sums = dataset.names.map(() => [0, 0]);
      const whole = dataset.splits.train.filter(({ points }) => points.every((point) => point !== undefined));
      for (const { points } of whole) {
        const [x1, y1, x2, y2] = boxAround(points);
        for (const [i, point] of points.entries()) {
          sums[i][0] += ((point![0] - x1) / (x2 - x1) - 0.5) / whole.length;
          sums[i][1] += (point![1] - y1) / (y2 - y1) / whole.length;
        }
      }
      const counterpart = dataset.names.map((_, i) => i);
      for (const [a, b] of pairs) [counterpart[a], counterpart[b]] = [b, a];
      for (const [i, other] of counterpart.entries()) {
        // Heads are not turned to both sides alike: the chin's mean is 0.02 beside the middle.
        const apart = Math.hypot(sums[i][0] + sums[other][0], sums[i][1] - sums[other][1]);
        expect(apart, `point ${i}`).toBeLessThan(0.05);
      }
    });

    it("are found by the ready net, which learned from other labels, with an error of about 6.4 %", async () => {
      const landmarker = await Landmarker.load("face-points", { threads: 1 });
      const { nme, failureRate10, perPoint } = await evaluateLandmarker(landmarker, dataset.splits.val, {
        scheme: schemeOfData(dataset),
      });
      await landmarker.close();
      expect(nme).toBeGreaterThan(0.06);
      expect(nme).toBeLessThan(0.068);
      expect(failureRate10).toBeLessThan(0.1);
      // A scheme in another order would put an eye's corner where another point is.
      expect(Math.max(...perPoint.slice(36, 48).map((point) => point.nme))).toBeLessThan(0.07);
    });
  },
);
