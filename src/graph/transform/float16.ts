import { FoveaError, type Tensor } from "../../core/index.ts";

/** The largest number that float16 holds. */
const LARGEST = 65504;

/**
 * A float32 tensor as float16 (its bits in a `Uint16Array`), rounded to the nearest, halves to even.
 *
 * @throws `float16-range` for a number beyond ±65504, which would become infinite
 */
export function toFloat16({ shape, data }: Tensor): Tensor {
  const floats = data as Float32Array;
  const words = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  const bits = new Uint16Array(floats.length);
  for (let i = 0; i < floats.length; i++) {
    if (Math.abs(floats[i]) > LARGEST) {
      throw new FoveaError(
        "float16-range",
        `float16: ${floats[i]} is beyond ±${LARGEST}; keep this net in float32.`,
      );
    }
    bits[i] = halfBits(words[i], floats[i]);
  }
  return { dtype: "float16", shape, data: bits };
}

function halfBits(word: number, value: number): number {
  const sign = (word >>> 16) & 0x8000;
  const exponent = ((word >>> 23) & 0xff) - 112;
  if (exponent <= 0) return sign | roundHalfEven(Math.abs(value) * 2 ** 24); // subnormal: steps of 2⁻²⁴
  const mantissa = word & 0x7fffff;
  return sign | ((exponent << 10) + roundHalfEven(mantissa / 8192)); // a carry runs into the exponent, as it should
}

function roundHalfEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}

/** A float16 tensor as float32. */
export function fromFloat16({ shape, data }: Tensor): Tensor {
  const floats = Float32Array.from(data as Uint16Array, (bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >>> 10) & 31;
    const mantissa = bits & 1023;
    if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + mantissa / 1024) : mantissa * 2 ** -24);
  });
  return { dtype: "float32", shape, data: floats };
}
