import { type Tensor, toNumbers } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import { add } from "./arithmetic.ts";
import { equal, less, where } from "./comparison.ts";
import { scatterElements } from "./elements.ts";
import { matmul } from "./matmul.ts";
import { Expand, zeros } from "./reduction.ts";
import { reshape } from "./reshape.ts";
import { shapeOf } from "./shape-arithmetic.ts";
import { cast } from "./unary.ts";

/** Up to so many sums, and from so wide rows on, a product with a matrix of ones and zeros is the quickest. */
const [FEW_SUMS, WIDE_ROW] = [64, 8];

/**
 * Sums of the rows `[k, width]` that have the same index: result `[count, width]`; `indices` `[k]` (int64) may count
 * from the end. ONNX's ScatterND would do this, but ONNX Runtime lets several threads add to one element at a time,
 * and some of what they add is lost.
 */
export function rowSums(count: number, indices: Value, rows: Value): Value {
  const { graph, dtype } = rows;
  const [total, width] = rows.shape;
  if (dtype === "float32" && count <= FEW_SUMS && Number(width) >= WIDE_ROW) {
    const fromStart = where(less(indices, 0), add(indices, count), indices);
    const numbers = graph.integers(Array.from({ length: count }, (_, i) => i));
    const chosen = equal(reshape(numbers, [count, 1]), reshape(fromStart, [1, total]));
    return matmul(cast(chosen, dtype), rows);
  }
  const empty = zeros(graph, [count, width], dtype);
  const column = reshape(indices, [total, 1]);
  const places = width === 1 ? column : graph.apply(Expand, [column, shapeOf(rows)], {}, [rows.shape])[0];
  return scatterElements(empty, places, rows, 0, "add");
}

/** Whether no two of the indices into `count` places are the same. */
export function areDistinct(indices: Tensor | undefined, count: number): boolean {
  if (!indices) return false;
  const places = new Set(toNumbers(indices).map((index) => (index < 0 ? index + count : index)));
  return places.size === indices.data.length;
}
