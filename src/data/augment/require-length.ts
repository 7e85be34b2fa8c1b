import { FoveaError } from "../../core/index.ts";

/** Throws `shape-mismatch` unless an array has as many values as its shape says. */
export function requireLength(
  where: string,
  name: string,
  values: ArrayLike<number>,
  shape: readonly number[],
): void {
  const needed = shape.reduce((product, side) => product * side, 1);
  if (values.length === needed) return;
  throw new FoveaError(
    "shape-mismatch",
    `${where}: \`${name}\` has ${values.length} values, but its shape [${shape.join(", ")}] needs ${needed}.`,
  );
}

/** Throws `shape-mismatch` unless an array can be `count` rows of equal length. */
export function requireRows(where: string, name: string, values: ArrayLike<number>, count: number): void {
  if (Number.isInteger(count) && count > 0 && values.length % count === 0) return;
  throw new FoveaError(
    "shape-mismatch",
    `${where}: the ${values.length} values of \`${name}\` must be \`count\` (=${count}) rows of equal length.`,
  );
}
