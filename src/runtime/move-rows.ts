import { type Graph, gather, reshape, type Value } from "../graph/index.ts";

/** How whole rows of a tensor change places. */
export interface RowOrder {
  /** The dimensions that the rows are counted by; what is left of the tensor's elements is a row. */
  dims: readonly number[];
  /** Which of them comes first, second, …, as Transpose's `perm`. */
  order: readonly number[];
  /** One of `dims` that is run through backwards. */
  reversed?: number;
}

/** Index lists of each graph, so that equal orders share one. */
const indexLists = new WeakMap<Graph, Map<string, Value>>();

/**
 * Transposes whole rows, `[dims…, row]` to `[dims[order[0]], dims[order[1]], …, row]`. ONNX Runtime transposes with one
 * thread, but gathers rows with all.
 */
export function moveRows(x: Value, { dims, order, reversed }: RowOrder): Value {
  const count = dims.reduce((a, b) => a * b, 1);
  const rows = reshape(x, [count, -1]);
  const key = `${dims} ${order} ${reversed}`;
  const lists = indexLists.get(x.graph) ?? new Map<string, Value>();
  indexLists.set(x.graph, lists);
  const list =
    lists.get(key) ??
    x.graph.constant({ dtype: "int32", shape: [count], data: rowIndices(dims, order, reversed) });
  lists.set(key, list);
  return reshape(gather(rows, list), [...order.map((axis) => dims[axis]), rows.dims[1]]);
}

function rowIndices(dims: readonly number[], order: readonly number[], reversed?: number): Int32Array {
  const strides = dims.map((_, i) => dims.slice(i + 1).reduce((a, b) => a * b, 1));
  let indices = Int32Array.of(0);
  for (const axis of order) {
    const size = dims[axis];
    const longer = new Int32Array(indices.length * size);
    for (let i = 0; i < longer.length; i++) {
      const at = i % size;
      longer[i] = indices[Math.floor(i / size)] + strides[axis] * (axis === reversed ? size - 1 - at : at);
    }
    indices = longer;
  }
  return indices;
}
