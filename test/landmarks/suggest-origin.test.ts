import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/index.ts";
import { type LandmarkEvaluation, suggestOrigin } from "../../src/landmarks/index.ts";
import { evaluatePoints } from "../../src/metrics/index.ts";

/** Answers that lie `shift` pixels beside the labels, and about `noise` off besides. */
function answers(shift: number, noise: number, count = 100): LandmarkEvaluation {
  const random = new Random(7);
  const located = Array.from({ length: count }, (_, i) => {
    const truth = [
      [10, 10],
      [60, 20],
    ] as const;
    const error = random.normal(0, noise);
    return { id: `${i}`, truth, answer: truth.map(([x, y]) => [x + shift + error, y] as const), scale: 50 };
  });
  return { ...evaluatePoints(["a", "b"], located), located } as unknown as LandmarkEvaluation;
}

describe("suggestOrigin", () => {
  it("moves the origin to where answers lie", () => {
    expect(suggestOrigin(answers(-0.9, 1), 0.5)).toBe(1.4);
    expect(suggestOrigin(answers(0.5, 1), 0.5)).toBe(0);
  });

  it("says nothing of what may be chance, is small, or no origin explains", () => {
    expect(suggestOrigin(answers(-0.9, 1, 4), 0.5)).toBeUndefined();
    expect(suggestOrigin(answers(-0.9, 10), 0.5)).toBeUndefined();
    expect(suggestOrigin(answers(-0.2, 0.1), 0.5)).toBeUndefined();
    expect(suggestOrigin(answers(-5, 0.1), 0.5)).toBeUndefined();
  });
});
