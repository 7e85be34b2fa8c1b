/** The largest number that float16 holds. */
export const LARGEST_HALF = 65504;

const doubles = new Float64Array(1);
const words = new Uint32Array(doubles.buffer);

/** A number as float16, its bits: rounded once to the nearest, halves to even; ±∞ beyond ±{@link LARGEST_HALF}. */
export function halfBits(value: number): number {
  doubles[0] = value;
  const high = words[1];
  const sign = (high >>> 16) & 0x8000;
  if (Number.isNaN(value)) return sign | 0x7e00;
  const exponent = ((high >>> 20) & 0x7ff) - 1008;
  const size = Math.abs(value);
  if (exponent <= 0) return sign | roundHalfEven(size * 2 ** 24); // subnormal: steps of 2⁻²⁴
  if (exponent >= 31) return sign | 0x7c00;
  const mantissa = (size * 2 ** (15 - exponent) - 1) * 1024;
  return sign | ((exponent << 10) + roundHalfEven(mantissa)); // a carry runs into the exponent, as it should
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
