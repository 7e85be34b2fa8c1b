import { describe, expect, it } from "vitest";
import { matchRegions } from "../../src/style/match-regions.ts";
import {
  cropPlanes,
  framePlanes,
  matchColors,
  type Planes,
  resizePlanes,
  toPicture,
  toPlanes,
  withColorsOf,
} from "../../src/style/planes/index.ts";
import { wavePicture } from "./small-net.ts";

/** Of one colour, at the pixels that are asked for. */
function moments({ data, width, height }: Planes, c: number, where: (i: number) => boolean = () => true) {
  const plane = data.subarray(c * width * height, (c + 1) * width * height).filter((_, i) => where(i));
  const mean = plane.reduce((s, v) => s + v, 0) / plane.length;
  return { mean, deviation: Math.sqrt(plane.reduce((s, v) => s + (v - mean) ** 2, 0) / plane.length) };
}

describe("planes", () => {
  it("hold a picture's bytes and give them back, clipped", () => {
    const picture = { width: 2, height: 1, data: Uint8Array.of(0, 128, 255, 7, 8, 9) };
    const planes = toPlanes(picture);
    expect(Array.from(planes.data, (v) => Math.round(255 * v))).toEqual([0, 7, 128, 8, 255, 9]);
    expect(toPicture(planes)).toEqual(picture);
    const beyond = toPicture({ ...planes, data: planes.data.map((v) => 3 * v - 1) });
    expect(beyond.data[0]).toBe(0);
    expect(beyond.data[2]).toBe(255);
  });

  it("resize linearly: a ramp stays one, a mean stays the mean, the same size is a copy", () => {
    const ramp = Float32Array.from({ length: 4 }, (_, i) => i);
    const wide = resizePlanes(ramp, { width: 4, height: 1 }, { width: 8, height: 1 }, 1);
    expect(Array.from(wide)).toEqual([0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3]);
    const { data, ...size } = wavePicture(32, 16, 0.4);
    const small = resizePlanes(data, size, { width: 8, height: 4 });
    const mean = (x: Float32Array) => x.reduce((a, b) => a + b, 0) / x.length;
    expect(mean(small)).toBeCloseTo(mean(data), 1);
    expect(resizePlanes(data, size, size)).toEqual(data);
  });

  it("take another's mean and deviation of each colour", () => {
    const [a, b] = [wavePicture(20, 20, 0.1), wavePicture(16, 9, 1.9)];
    // Each colour with a middle and a range of its own, none of which is cut off at black or white.
    const middles = [0.2, 0.5, 0.8];
    const dim = { ...b, data: b.data.map((v, i) => middles[Math.floor(i / 144)] + 0.3 * (v - 0.5)) };
    const low = { ...a, data: a.data.map((v) => 0.5 + 0.4 * (v - 0.5)) };
    const matched = matchColors(low, dim);
    for (let c = 0; c < 3; c++) {
      const [found, wanted] = [moments(matched, c), moments(dim, c)];
      expect(found.mean).toBeCloseTo(wanted.mean, 3);
      expect(found.deviation).toBeCloseTo(wanted.deviation, 3);
      expect(wanted.mean).toBeCloseTo(middles[c], 1);
    }
  });

  it("take another's colours where a mask says, and keep their own elsewhere", () => {
    const content = {
      ...wavePicture(20, 20, 0.1),
      data: wavePicture(20, 20, 0.1).data.map((v) => 0.3 + v / 5),
    };
    const shades = (level: number) => {
      return { width: 4, height: 4, data: Float32Array.from({ length: 48 }, (_, i) => level + (i % 2) / 50) };
    };
    const [left, right] = [(i: number) => i % 20 < 8, (i: number) => i % 20 >= 8];
    const mask = Float32Array.from({ length: 400 }, (_, i) => (left(i) ? 1 : 0));
    const one = matchRegions(content, [{ weight: 1, planes: shades(0.7), mask }]);
    expect(moments(one, 1, left).mean).toBeCloseTo(0.71, 2);
    expect(content.data.every((value, k) => left(k % 400) || one.data[k] === value)).toBe(true);
    const open = [
      { weight: 3, planes: shades(0.2) },
      { weight: 1, planes: shades(0.6) },
    ];
    const both = matchRegions(content, [{ weight: 1, planes: shades(0.7), mask }, ...open]);
    expect(moments(both, 2, left).mean).toBeCloseTo(0.71, 2);
    expect(moments(both, 2, right).mean).toBeCloseTo((3 * 0.21 + 0.61) / 4, 2);
    const everywhere = new Float32Array(400).fill(1);
    const twice = [0.4, 0.6].map((level) => ({ weight: 1, planes: shades(level), mask: everywhere }));
    expect(moments(matchRegions(content, twice), 0).mean).toBeCloseTo(0.51, 2);
  });

  it("keep another's colours and their own lightness", () => {
    const [a, b] = [wavePicture(6, 5, 0.1), wavePicture(6, 5, 1.9)];
    const kept = withColorsOf(a, b).data;
    const luma = (d: Float32Array, i: number) => 0.299 * d[i] + 0.587 * d[30 + i] + 0.114 * d[60 + i];
    for (let i = 0; i < 30; i++) {
      expect(luma(kept, i)).toBeCloseTo(luma(a.data, i), 5);
      expect(kept[i] - kept[30 + i]).toBeCloseTo(b.data[i] - b.data[30 + i], 5);
    }
  });

  it("stand in a frame of their mirror image, and come out of it whole", () => {
    const picture = wavePicture(5, 4, 0.2);
    const framed = framePlanes(picture, { width: 20, height: 13 }, 3);
    expect(framed.data[3 * 20 + 2]).toBe(picture.data[1]);
    expect(framed.data[3 * 20 + 3]).toBe(picture.data[0]);
    expect(framed.data[3 * 20 + 8]).toBe(picture.data[3]);
    expect(cropPlanes(framed, picture, 3)).toEqual(picture);
    expect(framePlanes(wavePicture(1, 1, 0), { width: 3, height: 3 }, 1).data.every(Number.isFinite)).toBe(
      true,
    );
  });
});
