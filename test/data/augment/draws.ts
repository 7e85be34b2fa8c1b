import { Random } from "../../../src/core/index.ts";

/** Seeds that a test of chance goes through. */
export const seeds: readonly number[] = Array.from({ length: 20 }, (_, seed) => seed);

export function normals(seed: number, count: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => random.normal());
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function variance(values: readonly number[]): number {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
}
