import { sizeOf, tensor } from "../../core/index.ts";
import type { Value } from "../graph.ts";
import { matmul } from "./matmul.ts";
import { reshape, transpose } from "./reshape.ts";

/** A matrix of rows × columns, row by row. */
export interface Matrix {
  rows: number;
  columns: number;
  data: Float32Array;
}

/** Multiplies a constant matrix to every line of x along an axis: y[…, r, …] = Σ m[r, c] · x[…, c, …]. */
export function mapAxis(x: Value, axis: number, { rows, columns, data }: Matrix): Value {
  const { dims, graph } = x;
  const before = sizeOf(dims.slice(0, axis));
  const after = sizeOf(dims.slice(axis + 1));
  const shape = [...dims].with(axis, rows);
  if (after === 1) {
    const transposed = transpose(graph.constant(tensor(data, [rows, columns], x.dtype)), [1, 0]);
    return reshape(matmul(reshape(x, [before, columns]), transposed), shape);
  }
  const matrix = graph.constant(tensor(data, [1, rows, columns], x.dtype));
  return reshape(matmul(matrix, reshape(x, [before, columns, after])), shape);
}

/** The transpose. */
export function transposed({ rows, columns, data }: Matrix): Matrix {
  const result = new Float32Array(data.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) result[c * rows + r] = data[r * columns + c];
  return { rows: columns, columns: rows, data: result };
}
