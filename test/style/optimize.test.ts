import { describe, expect, it } from "vitest";
import { adam, limitedMemory, type PixelOptimizer, planScales } from "../../src/style/optimize/index.ts";
import { alignedSize, planPicture, planWindows } from "../../src/style/tiles/index.ts";

/** ½ Σ λ (x − 0.5)², eigenvalues from 1 to 100. */
function bowl(size: number) {
  const lambda = Float32Array.from({ length: size }, (_, i) => 1 + (99 * i) / (size - 1));
  return (x: Float32Array) => ({
    cost: x.reduce((sum, v, i) => sum + 0.5 * lambda[i] * (v - 0.5) ** 2, 0),
    gradient: x.map((v, i) => lambda[i] * (v - 0.5)),
  });
}

function descend(optimizer: PixelOptimizer, steps: number, rate: (share: number) => number): number {
  const f = bowl(200);
  const x = Float32Array.from({ length: 200 }, (_, i) => 0.5 + 0.4 * Math.sin(i));
  for (let i = 0; i < steps; i++) {
    const { cost, gradient } = f(x);
    optimizer.step(x, cost, gradient, rate(i / steps));
  }
  return f(x).cost;
}

describe("optimisers", () => {
  it("L-BFGS needs few steps", () => {
    expect(descend(limitedMemory(10), 40, () => 1)).toBeLessThan(1e-3);
  });

  it("L-BFGS takes a step that went too far back by half", () => {
    const optimizer = limitedMemory(5);
    const x = Float32Array.of(0.5);
    optimizer.step(x, 1, Float32Array.of(-1), 1);
    const far = x[0] - 0.5;
    expect(far).toBeGreaterThan(0);
    optimizer.step(x, 3, Float32Array.of(9), 1);
    expect(x[0] - 0.5).toBeCloseTo(far / 2, 6);
  });

  it("L-BFGS keeps what it knows where a step tells nothing of the curvature", () => {
    const optimizer = limitedMemory(1);
    const x = Float32Array.of(1);
    optimizer.step(x, 2, Float32Array.of(4), 1);
    optimizer.step(x, 1.9, Float32Array.of(4 * x[0]), 1); // curvature 4
    const before = x[0];
    optimizer.step(x, 1.8, Float32Array.of(5), 1); // it is steeper further down
    expect(before - x[0]).toBeCloseTo(0.1, 6); // the longest step, where the very first is 0.02
  });

  it("Adam arrives, and keeps pixels within their range", () => {
    expect(descend(adam(200), 300, (share) => 0.03 * (1 - share))).toBeLessThan(1e-2);
    const x = Float32Array.of(0.01);
    adam(1).step(x, 1, Float32Array.of(5), 0.1);
    expect(x[0]).toBe(0);
  });

  it.each([
    ["L-BFGS", () => limitedMemory(6), 1],
    ["Adam", () => adam(200), 0.01],
  ])("%s goes on at another size with what it has learned", (_, make, rate) => {
    const optimizer = make();
    const f = bowl(200);
    const x = new Float32Array(200).fill(0.9);
    for (let i = 0; i < 15; i++) {
      const { cost, gradient } = f(x);
      optimizer.step(x, cost, gradient, rate);
    }
    const twice = (field: Float32Array) => Float32Array.from({ length: 400 }, (_, i) => field[i >> 1]);
    const larger = optimizer.resized(twice);
    const g = bowl(400);
    const y = twice(x);
    const before = g(y).cost;
    for (let i = 0; i < 15; i++) {
      const { cost, gradient } = g(y);
      larger.step(y, cost, gradient, rate);
    }
    expect(g(y).cost).toBeLessThan(before);
  });
});

describe("Adam of a picture that grows", () => {
  it("goes on with steps of the same length, though each pixel's slope is a quarter", () => {
    const optimizer = adam(50);
    const x = new Float32Array(50).fill(0.2);
    for (let i = 0; i < 20; i++) optimizer.step(x, 0, new Float32Array(50).fill(-1 / 50), 0.003);
    const grown = (field: Float32Array) => Float32Array.from({ length: 200 }, (_, i) => field[i >> 2]);
    const larger = optimizer.resized(grown);
    const y = grown(x);
    const [before] = y;
    for (let i = 0; i < 20; i++) larger.step(y, 0, new Float32Array(200).fill(-1 / 200), 0.003);
    expect((y[0] - before) / (20 * 0.003)).toBeCloseTo(1, 3);
  });
});

describe("scales", () => {
  it("double up to the asked size and share all iterations", () => {
    const scales = planScales({ width: 512, height: 384 }, 300);
    expect(scales.map(({ width, height }) => [width, height])).toEqual([
      [128, 96],
      [256, 192],
      [512, 384],
    ]);
    expect(scales.map(({ iterations }) => iterations)).toEqual([90, 90, 120]);
  });
  it("of a small picture there is one", () => {
    expect(planScales({ width: 100, height: 80 }, 50)).toEqual([{ width: 100, height: 80, iterations: 50 }]);
  });
  it("none is too small to be seen, however many are asked for", () => {
    const scales = planScales({ width: 256, height: 256 }, 90, 12);
    expect(scales.map(({ width }) => width)).toEqual([32, 64, 128, 256]);
  });
  it("each takes a step at least, and all together those that there are", () => {
    for (const count of [undefined, 1, 2, 3, 5, 12]) {
      for (let iterations = 1; iterations < 40; iterations++) {
        const steps = planScales({ width: 4096, height: 3000 }, iterations, count).map((s) => s.iterations);
        expect(Math.min(...steps)).toBeGreaterThanOrEqual(1);
        expect(steps.reduce((a, b) => a + b, 0)).toBe(iterations);
      }
    }
    expect(planScales({ width: 512, height: 512 }, 1)).toEqual([{ width: 512, height: 512, iterations: 1 }]);
  });
});

describe("windows", () => {
  const sizes = [
    { width: 200, height: 96, shift: { x: 0, y: 0 } },
    { width: 208, height: 304, shift: { x: 16, y: 48 } },
    { width: 64, height: 64, shift: { x: 0, y: 0 } },
  ];
  it.each(sizes)("answer for each pixel once, and see around it: $width×$height", ({
    width,
    height,
    shift,
  }) => {
    const options = { side: 96, halo: 20, alignment: 8, shift };
    const plan = planWindows({ width, height }, options);
    const answered = new Uint8Array(width * height);
    for (const { x, y, core } of plan.windows) {
      expect([x % 8, y % 8]).toEqual([0, 0]);
      for (const [start, from, to, size, length] of [
        [x, core.left, core.right, plan.size.width, width],
        [y, core.top, core.bottom, plan.size.height, height],
      ]) {
        expect(start + size).toBeLessThanOrEqual(length);
        expect(start === 0 || from - start >= 20).toBe(true);
        expect(start + size === length || start + size - to >= 20).toBe(true);
      }
      for (let row = core.top; row < core.bottom; row++)
        for (let column = core.left; column < core.right; column++) answered[row * width + column]++;
    }
    expect(answered.every((count) => count === 1)).toBe(true);
  });

  it("a picture that fits goes in one", () => {
    expect(planPicture({ width: 512, height: 400 }, { reach: 68, stride: 16 }).windows).toHaveLength(1);
    expect(
      planPicture({ width: 2048, height: 1536 }, { reach: 68, stride: 16 }).windows.length,
    ).toBeGreaterThan(12);
  });

  it("sizes are rounded up to the stride", () => {
    expect(alignedSize({ width: 33, height: 32 }, 16)).toEqual({ width: 48, height: 32 });
  });
});
