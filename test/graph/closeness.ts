import { expect } from "vitest";

/** How far two lists may be apart. */
export interface Tolerance {
  /** As a share of each expected number. */
  readonly relative: number;
  /** As a share of the largest expected number. */
  readonly ofLargest: number;
  /** In any case. */
  readonly absolute?: number;
}

/** Fails with the first number that is too far from the expected one. */
export function expectClose(
  actual: ArrayLike<number | bigint>,
  expected: readonly number[],
  { relative, ofLargest, absolute = 0 }: Tolerance,
  what: string,
): void {
  expect(actual.length, `${what}: number of elements`).toBe(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (const [i, value] of expected.entries()) {
    const allowed = relative * Math.abs(value) + ofLargest * largest + absolute;
    const distance = Math.abs(Number(actual[i]) - value);
    if (!(distance <= allowed)) {
      expect.fail(
        `${what}, element ${i}: ${actual[i]} instead of ${value}, which is ${distance} apart (allowed ${allowed}).`,
      );
    }
  }
}
