import { describe, expect, it } from "vitest";
import { clopperPearsonInterval, normalQuantile, wilsonInterval } from "../../../src/metrics/index.ts";
import {
  betaQuantile,
  incompleteBeta,
  logGamma,
  normalDistribution,
} from "../../../src/metrics/special-functions.ts";

describe("special functions", () => {
  it("ln Γ is that of factorials, and of a half", () => {
    expect(logGamma(1)).toBeCloseTo(0, 13);
    expect(logGamma(11)).toBeCloseTo(Math.log(3628800), 11);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
    // Stirling's series with its first three terms.
    const x = 1e5;
    const stirling =
      (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3);
    expect(logGamma(x) / stirling).toBeCloseTo(1, 13);
  });

  it("the incomplete beta function sums binomials", () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
    for (const [n, k, p] of [
      [5, 2, 0.3],
      [12, 1, 0.9],
      [20, 17, 0.5],
      [9, 9, 0.01],
    ]) {
      let tail = 0;
      for (let i = k; i <= n; i++) tail += choose(n, i) * p ** i * (1 - p) ** (n - i);
      expect(incompleteBeta(p, k, n - k + 1) / tail).toBeCloseTo(1, 10);
    }
    expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1]);
  });

  it("the beta quantile undoes it, for counts of a million, too", () => {
    for (const [a, b] of [
      [1, 3],
      [40, 2],
      [3, 1e6],
    ]) {
      for (const p of [0.001, 0.025, 0.5, 0.975]) {
        expect(incompleteBeta(betaQuantile(p, a, b), a, b)).toBeCloseTo(p, 8);
      }
    }
  });

  it("normal deviates are those of the tables", () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 12);
    expect(normalQuantile(0.99)).toBeCloseTo(2.3263478740408408, 12);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 10);
    expect(normalQuantile(1e-6)).toBeCloseTo(-4.753424308822899, 9);
    expect(normalDistribution(-1)).toBeCloseTo(0.15865525393145707, 14);
    // Both ways of computing it meet.
    expect(normalDistribution(-3.0000001) / normalDistribution(-3)).toBeCloseTo(1, 6);
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  });
});

describe("wilsonInterval", () => {
  it("is that of the formula by hand", () => {
    // 2 of 10, z = 1.96: (0.2 + 0.19207 ± 1.96 √(0.016 + 0.0096036)) / 1.38415.
    const [low, high] = wilsonInterval(2, 10);
    expect(low).toBeCloseTo(0.0567, 4);
    expect(high).toBeCloseTo(0.5098, 4);
  });

  it("at its ends touches 0 and 1, and is 3.84 / (n + 3.84) long", () => {
    const [low, high] = wilsonInterval(0, 100);
    expect(low).toBe(0);
    expect(high).toBeCloseTo(3.8414588 / 103.8414588, 9);
    expect(wilsonInterval(100, 100)[0]).toBeCloseTo(1 - high, 12);
    expect(wilsonInterval(100, 100)[1]).toBe(1);
  });
});

describe("clopperPearsonInterval", () => {
  it("without hits and with all is (α / 2)^(1 / n), by hand", () => {
    const end = 1 - 0.025 ** (1 / 20);
    expect(clopperPearsonInterval(0, 20)[0]).toBe(0);
    expect(clopperPearsonInterval(0, 20)[1]).toBeCloseTo(end, 12);
    expect(clopperPearsonInterval(20, 20)[0]).toBeCloseTo(1 - end, 12);
    expect(clopperPearsonInterval(20, 20)[1]).toBe(1);
  });

  it("is that of R's binom.test(2, 10) and binom.test(15, 1000)", () => {
    const two = clopperPearsonInterval(2, 10);
    expect(two[0]).toBeCloseTo(0.02521073, 7);
    expect(two[1]).toBeCloseTo(0.55609546, 7);
    const many = clopperPearsonInterval(15, 1000);
    // The ends leave 2.5 % of the binomial distribution beyond the count.
    expect(incompleteBeta(many[0], 15, 986)).toBeCloseTo(0.025, 10);
    expect(1 - incompleteBeta(many[1], 16, 985)).toBeCloseTo(0.025, 10);
  });

  it("contains Wilson's, roughly, and the share", () => {
    for (const [hits, count] of [
      [1, 7],
      [30, 60],
      [3, 1_000_000],
    ]) {
      const [low, high] = clopperPearsonInterval(hits, count);
      const wilson = wilsonInterval(hits, count);
      expect(low).toBeLessThan(hits / count);
      expect(high).toBeGreaterThan(hits / count);
      expect(high - low).toBeGreaterThan(wilson[1] - wilson[0]);
    }
  });

  it.each([
    [3, 2, 0.95],
    [-1, 5, 0.95],
    [0, 0, 0.95],
    [1.5, 4, 0.95],
    [1, 4, 1],
    [1, 4, Number.NaN],
  ])("refuses %s of %s at %s", (hits, count, confidence) => {
    for (const interval of [clopperPearsonInterval, wilsonInterval]) {
      expect(() => interval(hits, count, confidence)).toThrow(
        expect.objectContaining({ code: "argument-range" }),
      );
    }
  });
});
