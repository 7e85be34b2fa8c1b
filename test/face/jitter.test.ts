import { describe, expect, it } from "vitest";
import { chipJitters, jitteredChips } from "../../src/face/jitter.ts";
import { transformPoint } from "../../src/geometry/index.ts";

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
  it("move what is seen a little, and look over the chip's edge", () => {
    const side = 60;
    const data = new Uint8Array(100 * 100 * 3);
    // A white dot where the chip's middle is, in a picture that goes on beside it.
    for (const y of [49, 50])
      for (const x of [49, 50]) data.fill(255, (y * 100 + x) * 3, (y * 100 + x) * 3 + 3);
    const chips = jitteredChips({ width: 100, height: 100, data }, [1, 0, -20, 0, 1, -20], side, 12);
    for (const [i, chip] of chips.entries()) {
      expect(chip).toHaveLength(3 * side * side);
      let [sum, x, y] = [0, 0, 0];
      for (let at = 0; at < side * side; at++) {
        sum += chip[at];
        x += chip[at] * ((at % side) + 0.5);
        y += chip[at] * (Math.floor(at / side) + 0.5);
      }
      const { map, mirrored } = chipJitters(12, side)[i];
      const [toX, toY] = transformPoint(30, 30, map);
      expect(x / sum).toBeCloseTo(mirrored ? side - toX : toX, 0);
      expect(y / sum).toBeCloseTo(toY, 0);
    }
  });
});
