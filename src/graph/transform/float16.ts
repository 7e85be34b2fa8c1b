import { FoveaError, halfBits, halfValue, LARGEST_HALF, type Tensor } from "../../core/index.ts";

/**
 * A float32 tensor as float16 (its bits in a `Uint16Array`), rounded to the nearest, halves to even.
 *
 * @throws `float16-range` for a number beyond ±65504, which would become infinite
 */
export function toFloat16({ shape, data }: Tensor): Tensor {
  const floats = data as Float32Array;
  const bits = new Uint16Array(floats.length);
  for (let i = 0; i < floats.length; i++) {
    if (Math.abs(floats[i]) > LARGEST_HALF) {
      throw new FoveaError(
        "float16-range",
        `toFloat16: ${floats[i]} in a tensor [${shape}] is beyond ±${LARGEST_HALF}; keep this tensor in float32.`,
      );
    }
    bits[i] = halfBits(floats[i]);
  }
  return { dtype: "float16", shape, data: bits };
}

/** A float16 tensor as float32. */
export function fromFloat16({ shape, data }: Tensor): Tensor {
  return { dtype: "float32", shape, data: Float32Array.from(data as Uint16Array, halfValue) };
}
