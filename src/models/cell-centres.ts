import { tensor } from "../core/index.ts";
import type { Graph, Value } from "../graph/index.ts";

/** The centres of a map's cells as fractions of its sides, each `[1, 1, cells]`, row by row. */
export function cellCentres(graph: Graph, rows: number, columns: number): { x: Value; y: Value } {
  const cells = Array.from({ length: rows * columns }, (_, i) => i);
  const constant = (values: number[]) => graph.constant(tensor(values, [1, 1, cells.length]));
  return {
    x: constant(cells.map((i) => ((i % columns) + 0.5) / columns)),
    y: constant(cells.map((i) => (Math.floor(i / columns) + 0.5) / rows)),
  };
}
