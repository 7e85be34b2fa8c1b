import type { Tensor } from "../core/index.ts";
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

/** Index lists of each graph, so that equal orders share one. */
const indexLists = new WeakMap<Graph, Map<string, Value>>();

/**
 * Transposes whole rows, `[dims…, row]` to `[dims[order[0]], dims[order[1]], …, row]`. ONNX Runtime transposes with one
 * thread, but gathers rows with all.
 */
export function moveRows(x: Value, { dims, order, picked }: RowOrder): Value {
  const rows = reshape(x, [dims.reduce((a, b) => a * b, 1), -1]);
  const taken = dims.map((size, axis) => (axis === picked?.axis ? picked.indices : [...Array(size).keys()]));
  const shape = order.map((axis) => taken[axis].length);
  const key = `${dims} ${order} ${picked?.axis} ${picked?.indices}`;
  const lists = indexLists.get(x.graph) ?? new Map<string, Value>();
  indexLists.set(x.graph, lists);
  const list = lists.get(key) ?? x.graph.constant(rowIndices(dims, order, taken));
  lists.set(key, list);
  return reshape(gather(rows, list), [...shape, rows.dims[1]]);
}

/** For each row of the result, in its order, the row that it was. */
function rowIndices(
  dims: readonly number[],
  order: readonly number[],
  taken: readonly (readonly number[])[],
): Tensor {
  let rows = Int32Array.of(0);
  for (const axis of order) {
    const stride = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
    const indices = taken[axis];
    const longer = new Int32Array(rows.length * indices.length);
    for (let i = 0; i < longer.length; i++) {
      longer[i] = rows[Math.floor(i / indices.length)] + stride * indices[i % indices.length];
    }
    rows = longer;
  }
  return { dtype: "int32", shape: [rows.length], data: rows };
}
