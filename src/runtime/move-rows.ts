import { sizeOf, type Tensor } from "../core/index.ts";
import { type Graph, gather, reshape, type Value } from "../graph/index.ts";

/** How whole rows of a tensor change places. */
export interface RowOrder {
  /** The dimensions that the rows are counted by; what is left of the tensor's elements is a row. */
  dims: readonly number[];
  /** Which of them comes first, second, …, as Transpose's `perm`. */
  order: readonly number[];
  /** One of `dims` along which not all are taken one after the other, and the indices that are. */
  picked?: { axis: number; indices: readonly number[] };
}

/**
 * Transposes whole rows, `[dims…, row]` to `[dims[order[0]], dims[order[1]], …, row]`. ONNX Runtime transposes with one
 * thread, but gathers rows with all.
 */
export function moveRows(x: Value, { dims, order, picked }: RowOrder): Value {
  const axes = order.map((axis) => {
    const stride = sizeOf(dims.slice(axis + 1));
    return picked?.axis === axis ? picked.indices.map((i) => i * stride) : evenly(dims[axis], stride);
  });
  return pickRows(x, sizeOf(dims), axes);
}

/** 0, stride, 2·stride, … */
export function evenly(count: number, stride: number): number[] {
  return Array.from({ length: count }, (_, i) => i * stride);
}

/** count − 1, …, 1, 0. */
export function backwards(count: number): number[] {
  return evenly(count, 1).reverse();
}

/** Index lists of each graph, so that equal ones are shared. */
const indexLists = new WeakMap<Graph, Map<string, Value>>();

/**
 * Rows of x, which has `count` of them, as `[axes[0].length, axes[1].length, …, row]`: the row at an index is the one
 * whose number is the sum of what the axes list there.
 */
export function pickRows(x: Value, count: number, axes: readonly (readonly number[])[]): Value {
  const rows = reshape(x, [count, -1]);
  const shape = [...axes.map((axis) => axis.length), rows.dims[1]];
  if (isInOrder(axes, count)) return reshape(rows, shape);
  const key = axes.join(" × ");
  const lists = indexLists.get(x.graph) ?? new Map<string, Value>();
  indexLists.set(x.graph, lists);
  const list = lists.get(key) ?? x.graph.constant(sums(axes));
  lists.set(key, list);
  return reshape(gather(rows, list), shape);
}

/** Whether the axes list all rows one after the other. */
function isInOrder(axes: readonly (readonly number[])[], count: number): boolean {
  let rest = count;
  for (const axis of axes) {
    rest /= axis.length;
    if (axis.some((row, i) => row !== i * rest)) return false;
  }
  return rest === 1;
}

function sums(axes: readonly (readonly number[])[]): Tensor {
  let rows = Int32Array.of(0);
  for (const axis of axes) {
    const longer = new Int32Array(rows.length * axis.length);
    for (let i = 0; i < longer.length; i++) {
      longer[i] = rows[Math.floor(i / axis.length)] + axis[i % axis.length];
    }
    rows = longer;
  }
  return { dtype: "int32", shape: [rows.length], data: rows };
}
