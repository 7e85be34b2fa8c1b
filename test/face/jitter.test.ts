import { describe, expect, it } from "vitest";
import { chipJitters, jitteredChips } from "../../src/face/jitter.ts";
import { transformPoint } from "../../src/geometry/index.ts";
import type { Picture } from "../../src/image/index.ts";

describe("chipJitters", () => {
  const jitters = chipJitters(200, 150, 3);

  it("are similarities within their limits, every second mirrored", () => {
    for (const [i, { map, mirrored }] of jitters.entries()) {
      const [a, b, , c, d] = map;
      expect([a, c]).toEqual([d, -b]);
      const scale = Math.hypot(a, c);
      expect(scale).toBeGreaterThanOrEqual(0.965);
      expect(scale).toBeLessThanOrEqual(1.01);
      expect(Math.abs((Math.atan2(c, a) * 180) / Math.PI)).toBeLessThanOrEqual(3);
      // Turned and scaled about the middle, which moves by the shift only.
      const [x, y] = transformPoint(75, 75, map);
      expect(Math.max(Math.abs(x - 75), Math.abs(y - 75))).toBeLessThanOrEqual(3 + 1e-9);
      expect(mirrored).toBe(i % 2 === 1);
    }
    const turns = jitters.map(({ map }) => Math.atan2(map[3], map[0]));
    expect(Math.max(...turns)).toBeGreaterThan(0.04);
    expect(Math.min(...turns)).toBeLessThan(-0.04);
  });

  it("are the same for a seed, and the first ones of a longer list", () => {
    expect(chipJitters(5, 150, 3)).toEqual(jitters.slice(0, 5));
    expect(chipJitters(5, 150, 4)).not.toEqual(jitters.slice(0, 5));
  });
});

describe("jitteredChips", () => {
  const side = 60;
  const dots = [
    [11, 13],
    [48, 45],
  ] as const;

  /** A black square that the chip shows, 20 pixels from the edges of a red picture, with a green dot and a blue one. */
  function dottedPicture(): Picture {
    const data = new Uint8Array(100 * 100 * 3);
    for (let y = 0; y < 100; y++)
      for (let x = 0; x < 100; x++)
        if (Math.min(x, y) < 20 || Math.max(x, y) >= 80) data[(y * 100 + x) * 3] = 255;
    for (const [i, [x, y]] of dots.entries())
      for (const [dx, dy] of [
        [-1, -1],
        [0, -1],
        [-1, 0],
        [0, 0],
      ])
        data[((20 + y + dy) * 100 + 20 + x + dx) * 3 + 1 + i] = 255;
    return { width: 100, height: 100, data };
  }

  /** The middle of what a plane of a chip shows; `mirrored` ones are looked at in the mirror. */
  function middleOf(plane: Float32Array, mirrored: boolean): [number, number] {
    let [sum, x, y] = [0, 0, 0];
    for (const [at, value] of plane.entries()) {
      sum += value;
      x += value * ((at % side) + 0.5);
      y += value * (Math.floor(at / side) + 0.5);
    }
    return [mirrored ? side - x / sum : x / sum, y / sum];
  }

  it("turn, scale and shift what is seen a little about the middle, and look over the chip's edge", () => {
    const chips = jitteredChips(dottedPicture(), [1, 0, -20, 0, 1, -20], side, 12);
    for (const [i, chip] of chips.entries()) {
      expect(chip).toHaveLength(3 * side * side);
      const mirrored = i % 2 === 1;
      const [red, green, blue] = [0, 1, 2].map((c) => chip.subarray(c * side ** 2, (c + 1) * side ** 2));
      // The similarity that the dots tell of: (a, b) is scale times cosine and sine.
      const [one, two] = [middleOf(green, mirrored), middleOf(blue, mirrored)];
      const [[u, v], [s, t]] = [dots, [one, two]].map(([p, q]) => [q[0] - p[0], q[1] - p[1]]);
      const [a, b] = [(s * u + t * v) / (u * u + v * v), (t * u - s * v) / (u * u + v * v)];
      expect(Math.hypot(a, b)).toBeGreaterThan(0.96);
      expect(Math.hypot(a, b)).toBeLessThan(1.015);
      expect(Math.abs((Math.atan2(b, a) * 180) / Math.PI)).toBeLessThan(3.2);
      const place = (x: number, y: number) => [
        one[0] + a * (x - dots[0][0]) - b * (y - dots[0][1]),
        one[1] + b * (x - dots[0][0]) + a * (y - dots[0][1]),
      ];
      for (const coordinate of place(30, 30)) expect(Math.abs(coordinate - 30)).toBeLessThan(1.3);
      const { map } = chipJitters(12, side)[i];
      for (const [j, [x, y]] of dots.entries())
        for (const axis of [0, 1])
          expect(transformPoint(x, y, map)[axis]).toBeCloseTo([one, two][j][axis], 0);
      // What lay just outside the chip is red where it has come into view; what lay just inside is not.
      const seen = (x: number, y: number) => {
        const [column, row] = place(x, y).map(Math.floor);
        if (Math.min(column, row) < 0 || Math.max(column, row) >= side) return undefined;
        return red[row * side + (mirrored ? side - 1 - column : column)];
      };
      for (let along = 2; along < side; along += 4)
        for (const edge of [0, side]) {
          const [outside, inside] = edge === 0 ? [-1.6, 1.6] : [side + 1.6, side - 1.6];
          for (const value of [seen(along, outside), seen(outside, along)]) expect(value ?? 255).toBe(255);
          for (const value of [seen(along, inside), seen(inside, along)]) expect(value ?? 0).toBe(0);
        }
    }
    // Each lets something of the surroundings in, save perhaps those that are enlarged.
    const red = chips.map((chip) => chip.subarray(0, side ** 2).reduce((sum, value) => sum + value, 0) / 255);
    expect(red.filter((area) => area > side).length).toBeGreaterThan(6);
  });
});
