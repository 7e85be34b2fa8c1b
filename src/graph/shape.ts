import { FoveaError } from "../core/index.ts";

/** A dimension: its size, or the name of one that is known only at run time. */
export type Dim = number | string;
/** Dimensions from the outermost in. */
export type Shape = readonly Dim[];

/** The shape two tensors broadcast to (ONNX's multidirectional rule); throws `shape-mismatch`. */
export function broadcast(opType: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const m = a[i - rank + a.length] ?? 1;
    const n = b[i - rank + b.length] ?? 1;
    if (m === n || n === 1) return m;
    if (m === 1) return n;
    if (typeof m === "string") return n;
    if (typeof n === "string") return m;
    throw new FoveaError(
      "shape-mismatch",
      `${opType}: shapes [${a}] and [${b}] do not broadcast (${m} ≠ ${n}).`,
    );
  });
}

/** An axis counted from the front; `axis` may be negative, −1 the last. Throws `axis-range`. */
export function axisOf(opType: string, axis: number, rank: number): number {
  const result = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || result < 0 || result >= rank) {
    throw new FoveaError("axis-range", `${opType}: \`axis\` (=${axis}) must be in [−${rank}, ${rank}).`);
  }
  return result;
}

/** The length of one dimension; throws `shape-unknown` where it is known at run time only. */
export function lengthOf(opType: string, x: { name: string; shape: Shape }, axis: number): number {
  const size = x.shape[axis];
  if (typeof size === "number") return size;
  throw new FoveaError(
    "shape-unknown",
    `${opType}: axis ${axis} of \`${x.name}\` [${x.shape}] is known at run time only; give the input a size there.`,
  );
}

/** Strict equality of shapes. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** Throws `rank-mismatch` unless a tensor has at least so many dimensions. */
export function requireRank(opType: string, argument: string, shape: Shape, minimum: number): void {
  if (shape.length < minimum) {
    throw new FoveaError(
      "rank-mismatch",
      `${opType}: \`${argument}\` (shape [${shape}]) must have at least ${minimum} dimensions.`,
    );
  }
}
