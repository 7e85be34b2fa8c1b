import { describe, expect, it } from "vitest";
import { halfBits, halfValue, tensor, toNumbers } from "../../src/core/index.ts";

describe("a tensor from numbers", () => {
  it("holds float16's bits, and gives the numbers back", () => {
    const half = tensor([0.5, -2, 65504, 2 ** -24], [4], "float16");
    expect(half.data).toEqual(Uint16Array.of(0x3800, 0xc000, 0x7bff, 1));
    expect(toNumbers(half)).toEqual([0.5, -2, 65504, 2 ** -24]);
  });

  it("ends at the ends of 64 bits, where ONNX writes how far a slice may go", () => {
    const ends = tensor([Number("9223372036854775807"), -(2 ** 63), 2 ** 70], [3], "int64");
    expect(ends.data).toEqual(BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n - 1n));
    expect(tensor([2 ** 64, 7], [2], "uint64").data).toEqual(BigUint64Array.of(2n ** 64n - 1n, 7n));
    expect(tensor(toNumbers(ends), [3], "int64").data).toEqual(ends.data);
  });

  it("ends there for infinite numbers, too, and refuses what is no whole number", () => {
    const { NEGATIVE_INFINITY: least, POSITIVE_INFINITY: most } = Number;
    expect(tensor([most, least], [2], "int64").data).toEqual(BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n)));
    expect(tensor([most, least], [2], "uint64").data).toEqual(BigUint64Array.of(2n ** 64n - 1n, 0n));
    expect(tensor([2n ** 63n - 2n], [1], "int64").data).toEqual(BigInt64Array.of(2n ** 63n - 2n));
    for (const value of [0.5, Number.NaN]) {
      const refused = {
        code: "argument-range",
        message: expect.stringContaining(`\`values[1]\` (=${value})`),
      };
      expect(() => tensor([1, value], [2], "int64")).toThrow(expect.objectContaining(refused));
    }
  });

  it("needs as many numbers as its shape says", () => {
    expect(() => tensor([1, 2, 3], [2, 2])).toThrow(expect.objectContaining({ code: "tensor-size" }));
  });
});

describe("float16", () => {
  it("is what every one of its bit patterns says", () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = halfValue(bits);
      if (Number.isNaN(value)) expect(halfValue(halfBits(value))).toBeNaN();
      else expect(halfBits(value)).toBe(bits);
    }
  });

  it.each([
    [1 + 2 ** -11, 0x3c00], // half way: to even
    [1 + 3 * 2 ** -11, 0x3c02],
    [2049 + 1e-9, 0x6801], // beyond half way, if by less than single precision tells
    [65519.996, 0x7bff],
    [65520, 0x7c00],
    [1e9, 0x7c00],
    [Number.NEGATIVE_INFINITY, 0xfc00],
    [2 ** -25, 0],
    [1.5 * 2 ** -25, 1],
  ])("rounds %d to the nearest", (value, bits) => {
    expect(halfBits(value)).toBe(bits);
  });
});
