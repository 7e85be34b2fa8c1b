import { describe, expect, it } from "vitest";
import { letterboxInto } from "../../../src/data/batches/index.ts";
import { letterbox } from "../../../src/geometry/index.ts";
import type { Picture } from "../../../src/image/index.ts";
import { noisePicture } from "./plain-pictures.ts";

/** The mean of the picture's pixels that one pixel of a level covers, in floating point. */
function levelValue(picture: Picture, reduction: number, x: number, y: number, channel: number): number {
  let sum = 0;
  for (let dy = 0; dy < reduction; dy++) {
    for (let dx = 0; dx < reduction; dx++) {
      const column = Math.min(x * reduction + dx, picture.width - 1);
      const row = Math.min(y * reduction + dy, picture.height - 1);
      sum += picture.data[(row * picture.width + column) * 3 + channel];
    }
  }
  return sum / reduction ** 2;
}

/** Bilinear sampling straight from its definition. */
function slowLetterbox(picture: Picture, width: number, height: number, reduction: number): Float64Array {
  const fit = letterbox(picture.width, picture.height, width, height);
  const columns = Math.ceil(picture.width / reduction);
  const rows = Math.ceil(picture.height / reduction);
  const out = new Float64Array(3 * width * height).fill(114);
  for (let channel = 0; channel < 3; channel++) {
    for (let row = fit.padY; row < fit.padY + fit.newHeight; row++) {
      for (let column = fit.padX; column < fit.padX + fit.newWidth; column++) {
        const x = ((column + 0.5 - fit.padX) * picture.width) / fit.newWidth / reduction - 0.5;
        const y = ((row + 0.5 - fit.padY) * picture.height) / fit.newHeight / reduction - 0.5;
        let value = 0;
        for (const j of [Math.floor(y), Math.floor(y) + 1]) {
          for (const i of [Math.floor(x), Math.floor(x) + 1]) {
            const weight = (1 - Math.abs(x - i)) * (1 - Math.abs(y - j));
            const [near, nearRow] = [
              Math.min(Math.max(i, 0), columns - 1),
              Math.min(Math.max(j, 0), rows - 1),
            ];
            value += weight * levelValue(picture, reduction, near, nearRow, channel);
          }
        }
        out[(channel * height + row) * width + column] = value;
      }
    }
  }
  return out;
}

describe("letterboxInto", () => {
  it.each([
    ["enlarged", 21, 13, 64, 48, 1],
    ["of the same size", 64, 40, 64, 48, 1],
    ["a little smaller", 90, 61, 64, 48, 1],
    ["half the size", 128, 96, 64, 48, 2],
    ["a fifth, tall", 152, 240, 64, 48, 4],
  ])("agrees with floating point to one level: %s", (_, width, height, inputWidth, inputHeight, reduction) => {
    const picture = noisePicture(width, height, 5);
    const out = new Uint8Array(3 * inputWidth * inputHeight);
    letterboxInto(picture, inputWidth, inputHeight, out);
    const exact = slowLetterbox(picture, inputWidth, inputHeight, reduction);
    const furthest = exact.reduce(
      (most, value, i) => Math.max(most, Math.abs(Math.round(value) - out[i])),
      0,
    );
    expect(furthest).toBeLessThanOrEqual(1);
  });

  it("copies a picture that fits as it is, and tells where", () => {
    const picture = noisePicture(10, 7, 1);
    const out = new Uint8Array(3 * 10 * 12);
    const fit = letterboxInto(picture, 10, 12, out);
    expect(fit).toMatchObject({ scale: 1, padX: 0, padY: 2 });
    for (let channel = 0; channel < 3; channel++) {
      const plane = out.subarray(channel * 120, (channel + 1) * 120);
      expect([...plane.subarray(20, 90)]).toEqual([...picture.data.filter((_, i) => i % 3 === channel)]);
      expect(new Set([...plane.subarray(0, 20), ...plane.subarray(90)])).toEqual(new Set([114]));
    }
  });

  it("refuses a buffer of another size", () => {
    expect(() => letterboxInto(noisePicture(4, 4, 1), 8, 8, new Uint8Array(10))).toThrowError(
      /`out` \(of 10 bytes\) must have 3 × 8 × 8 = 192 bytes/,
    );
  });
});
