import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/index.ts";
import { constant, glorotUniform, heNormal } from "../../src/nn/index.ts";

function moments(values: Float32Array): { mean: number; variance: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return { mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length };
}

// 73,728 values: the standard error of the variance is √(2/n) = 0.5 %, of the mean 0.4 % of the deviation.
const shape = [128, 64, 3, 3];

describe("initialisers", () => {
  it("He: variance 2 / fan-in", () => {
    const { mean, variance } = moments(heNormal()(shape, new Random(1)));
    expect(Math.abs(variance / (2 / (64 * 9)) - 1)).toBeLessThan(0.025);
    expect(Math.abs(mean)).toBeLessThan(0.02 * Math.sqrt(variance));
  });

  it("He: with another gain, and over groups, whose filters see fewer channels", () => {
    const { variance } = moments(heNormal(1)([512, 8, 3, 3], new Random(2)));
    expect(Math.abs(variance / (1 / (8 * 9)) - 1)).toBeLessThan(0.03);
  });

  it("Glorot: uniform within ±√(6 / (fan-in + fan-out)), variance 2 / (fan-in + fan-out)", () => {
    const values = glorotUniform()(shape, new Random(3));
    const fans = 64 * 9 + 128 * 9;
    const bound = Math.sqrt(6 / fans);
    const { mean, variance } = moments(values);
    expect(Math.max(...values)).toBeLessThanOrEqual(bound);
    expect(Math.max(...values)).toBeGreaterThan(0.999 * bound);
    expect(Math.min(...values)).toBeLessThan(-0.999 * bound);
    expect(Math.abs(variance / (2 / fans) - 1)).toBeLessThan(0.02);
    expect(Math.abs(mean)).toBeLessThan(0.02 * Math.sqrt(variance));
  });

  it("Glorot: of a matrix [out, in]", () => {
    const values = glorotUniform()([30, 10], new Random(4));
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / 40));
    expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(0.95 * Math.sqrt(6 / 40));
  });

  it("constant: every element the same", () => {
    expect(constant(0.5)([2, 3], new Random(0))).toEqual(new Float32Array(6).fill(0.5));
  });

  it("is drawn from the given stream", () => {
    expect(heNormal()([50], new Random(9))).toEqual(heNormal()([50], new Random(9)));
    expect(heNormal()([50], new Random(9))).not.toEqual(heNormal()([50], new Random(10)));
  });
});
