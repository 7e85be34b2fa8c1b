/** The largest number that float16 holds. */
export const LARGEST_HALF = 65504;

const floats = new Float32Array(1);
const words = new Uint32Array(floats.buffer);

/** A number as float16, its bits: rounded to the nearest, halves to even; ±∞ beyond ±{@link LARGEST_HALF}. */
export function halfBits(value: number): number {
  floats[0] = value;
  const [word] = words;
  const sign = (word >>> 16) & 0x8000;
  if (Number.isNaN(value)) return sign | 0x7e00;
  const exponent = ((word >>> 23) & 0xff) - 112;
  if (exponent <= 0) return sign | roundHalfEven(Math.abs(value) * 2 ** 24); // subnormal: steps of 2⁻²⁴
  if (exponent >= 31) return sign | 0x7c00;
  const mantissa = word & 0x7fffff;
  return sign | ((exponent << 10) + roundHalfEven(mantissa / 8192)); // a carry runs into the exponent, as it should
}

function roundHalfEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}

/** The number that a float16's bits mean. */
export function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const mantissa = bits & 1023;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + mantissa / 1024) : mantissa * 2 ** -24);
}
