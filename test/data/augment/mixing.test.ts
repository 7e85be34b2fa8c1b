import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/index.ts";
import { cutmix, drawBeta, drawGamma, mixup } from "../../../src/data/augment/index.ts";
import { mean, seeds, variance } from "./draws.ts";

describe("Gamma and Beta", () => {
  it.each([0.1, 0.5, 1, 2.5, 30])("draws Gamma variables of shape %d with its mean and variance", (shape) => {
    const random = new Random(11);
    const draws = Array.from({ length: 40000 }, () => drawGamma(random, shape));
    // Five standard errors; a Gamma variable's fourth central moment is 3k² + 6k.
    expect(Math.abs(mean(draws) - shape)).toBeLessThan(5 * Math.sqrt(shape / 40000));
    expect(Math.abs(variance(draws) - shape)).toBeLessThan(
      5 * Math.sqrt((2 * shape ** 2 + 6 * shape) / 40000),
    );
  });

  it.each([
    [0.2, 0.2],
    [1, 1],
    [0.5, 2],
    [8, 3],
  ])("draws Beta(%d, %d) variables with its mean and variance", (a, b) => {
    const random = new Random(12);
    const draws = Array.from({ length: 40000 }, () => drawBeta(random, a, b));
    const expected = (a * b) / ((a + b) ** 2 * (a + b + 1));
    expect(Math.abs(mean(draws) - a / (a + b))).toBeLessThan(5 * Math.sqrt(expected / 40000));
    expect(variance(draws) / expected).toBeCloseTo(1, 1);
    expect(draws.every((draw) => draw >= 0 && draw <= 1)).toBe(true);
  });

  it("draws 0 or 1, never NaN, where the parameters are tiny", () => {
    const random = new Random(13);
    const draws = Array.from({ length: 1000 }, () => drawBeta(random, 1e-4, 1e-4));
    expect(draws.every(Number.isFinite)).toBe(true);
    expect(Math.abs(mean(draws) - 0.5)).toBeLessThan(0.1);
  });
});

describe("mixup and CutMix", () => {
  const count = 16;

  function oneHot(classes: number): Float32Array {
    return Float32Array.from({ length: count * classes }, (_, i) => (i % (classes + 1) === 0 ? 1 : 0));
  }

  /** One-hot targets of as many classes as examples, so that a target tells the share of every example. */
  function mix(seed: number, alpha: number) {
    // Example i holds the value i + 1.
    const batch = Float32Array.from({ length: count * 36 }, (_, i) => Math.floor(i / 36) + 1);
    const targets = oneHot(count);
    mixup(new Random(seed), batch, targets, count, alpha);
    return { batch, targets };
  }

  it("makes the same bytes of the same seed, others of another", () => {
    expect(mix(1, 0.4)).toEqual(mix(1, 0.4));
    expect(mix(1, 0.4)).not.toEqual(mix(2, 0.4));
  });

  it("changes nothing with α = 0", () => {
    const { batch, targets } = mix(1, 0);
    expect(batch.every((value, i) => value === Math.floor(i / 36) + 1)).toBe(true);
    expect(targets).toEqual(oneHot(count));
  });

  it("blends values as the targets say, whose sums stay", () => {
    for (const seed of seeds) {
      const { batch, targets } = mix(seed, 1);
      const partners = new Set<number>();
      for (let example = 0; example < count; example++) {
        const target = [...targets.subarray(example * count, (example + 1) * count)];
        expect(target.reduce((sum, share) => sum + share)).toBeCloseTo(1, 6);
        const shares = target.flatMap((share, index) => (share > 0 ? [index] : []));
        expect(shares).toContain(example);
        expect(shares.length).toBeLessThanOrEqual(2);
        partners.add(shares.find((index) => index !== example) ?? example);
        const expected = target.reduce((sum, share, index) => sum + share * (index + 1), 0);
        expect(batch[example * 36]).toBeCloseTo(expected, 4);
        expect(batch[example * 36 + 35]).toBeCloseTo(expected, 4);
      }
      // Every example is a partner once.
      expect(partners.size).toBe(count);
    }
  });

  it("rounds blends of bytes and pastes bytes as they are", () => {
    const bytes = Uint8Array.of(0, 0, 255, 255);
    const targets = Float32Array.of(1, 0, 0, 1);
    const seed = seeds.find((first) => drawsSwap(first))!;
    mixup(new Random(seed), bytes, targets, 2, 1);
    expect([...bytes]).toEqual(
      [0, 1].flatMap((row) => Array(2).fill(Math.round(255 * targets[2 * row + 1]))),
    );
    const pictures = Uint8Array.of(7, 7, 7, 7, 9, 9, 9, 9);
    cutmix(new Random(seed), pictures, Float32Array.of(1, 0, 0, 1), [2, 1, 2, 2], 1);
    expect(pictures.every((value) => value === 7 || value === 9)).toBe(true);
  });

  /** Whether two examples become each other's partners. */
  function drawsSwap(seed: number): boolean {
    return new Random(seed).shuffle([0, 1])[0] === 1;
  }

  function paste(seed: number, alpha: number) {
    // Picture i of 2 × 6 × 3 holds i + 1 in the first plane and its negative in the second.
    const batch = Float32Array.from({ length: count * 36 }, (_, i) => {
      return (Math.floor(i / 36) + 1) * (i % 36 < 18 ? 1 : -1);
    });
    const targets = oneHot(count);
    cutmix(new Random(seed), batch, targets, [count, 2, 6, 3], alpha);
    return { batch, targets };
  }

  it("pastes rectangles in all planes alike, targets by area", () => {
    let mixed = 0;
    for (const seed of seeds) {
      const { batch, targets } = paste(seed, 1);
      for (let example = 0; example < count; example++) {
        const first = [...batch.subarray(example * 36, example * 36 + 18)];
        const second = [...batch.subarray(example * 36 + 18, example * 36 + 36)];
        expect(second).toEqual(first.map((value) => -value));
        const target = [...targets.subarray(example * count, (example + 1) * count)];
        target.forEach((share, index) => {
          expect(first.filter((value) => value === index + 1).length / 18).toBeCloseTo(share, 5);
        });
        const pasted = first.flatMap((value, i) => (value === example + 1 ? [] : [i]));
        if (pasted.length === 0) continue;
        mixed++;
        const rows = pasted.map((i) => Math.floor(i / 3));
        const columns = pasted.map((i) => i % 3);
        const height = Math.max(...rows) - Math.min(...rows) + 1;
        const width = Math.max(...columns) - Math.min(...columns) + 1;
        expect(pasted.length).toBe(height * width);
      }
    }
    expect(mixed).toBeGreaterThan(count);
    expect(paste(3, 1)).toEqual(paste(3, 1));
    expect(paste(3, 0).targets).toEqual(oneHot(count));
  });

  it("refuses arrays that do not fit", () => {
    const [random, four, seven] = [new Random(1), new Float32Array(4), new Float32Array(7)];
    const mismatch = expect.objectContaining({ code: "shape-mismatch" });
    expect(() => mixup(random, seven, four, 2, 1)).toThrow(mismatch);
    expect(() => mixup(random, four, seven, 2, 1)).toThrow(mismatch);
    expect(() => mixup(random, four, four, 0, 1)).toThrow(mismatch);
    expect(() => cutmix(random, seven, four, [2, 1, 2, 1], 1)).toThrow(mismatch);
    expect(() => cutmix(random, four, seven, [2, 1, 2, 1], 1)).toThrow(mismatch);
    expect(() => cutmix(random, four, four, [2, 1, 2], 1)).toThrow(mismatch);
  });

  it.each([-0.1, Number.NaN, 101])("refuses α = %d", (alpha) => {
    const invalid = expect.objectContaining({ code: "augment-invalid" });
    const [batch, targets] = [new Float32Array(8), new Float32Array(4)];
    expect(() => mixup(new Random(1), batch, targets, 2, alpha)).toThrow(invalid);
    expect(() => cutmix(new Random(1), batch, targets, [2, 1, 2, 2], alpha)).toThrow(invalid);
  });
});

it("parameters of distributions that are not positive are refused", () => {
  for (const wrong of [Number.NaN, 0, -1, Number.POSITIVE_INFINITY]) {
    const failed = expect.objectContaining({ code: "argument-range" });
    expect(() => drawBeta(new Random(1), wrong, 1)).toThrow(failed);
    expect(() => drawBeta(new Random(1), 1, wrong)).toThrow(failed);
    expect(() => drawGamma(new Random(1), wrong)).toThrow(failed);
  }
});
