import { FoveaError } from "../../core/index.ts";
import {
  AveragePool,
  Conv,
  copyGraph,
  denseToConvolution,
  Graph,
  MaxPool,
  orderedNodes,
  Pad,
  Reshape,
  reshape,
  type Value,
} from "../../graph/index.ts";

/** The largest stride that is looked for, in pixels. */
const MOST_STRIDE = 256;

/**
 * Pixels of the picture from one cell of a classifier's map to the next: how much a picture must grow for the map to
 * have one more row. The first growth is not asked: a net may have had room to spare.
 *
 * @throws FoveaError `not-convolutional` where the map does not grow with the picture, or not by one stride both ways
 */
export function strideOf(scores: Value, input: Value): number {
  const [n, channels, height, width] = input.dims;
  const along = (axis: 2 | 3) => {
    const cells = (grown: number) => {
      const shape = [n, channels, height + (axis === 2 ? grown : 0), width + (axis === 3 ? grown : 0)];
      return denseToConvolution({ scores }, input, shape).outputs.scores.dims[axis];
    };
    const first = leastGrowth(cells, 0);
    return leastGrowth(cells, first) - first;
  };
  const [down, across] = [along(2), along(3)];
  if (down === across) return down;
  throw new FoveaError(
    "not-convolutional",
    `The net's windows are ${across} pixels apart across and ${down} down a picture; only nets with one stride slide.`,
  );
}

/** The least growth beyond `from` with more cells than there. */
function leastGrowth(cells: (grown: number) => number, from: number): number {
  const before = cells(from);
  let [low, high] = [from, from + 1];
  while (cells(high) === before) {
    [low, high] = [high, from + 2 * (high - from)];
    if (high - from > 2 * MOST_STRIDE) {
      throw new FoveaError(
        "not-convolutional",
        "The net's answer does not become a map when its picture grows; it is no classifier whose layers can slide.",
      );
    }
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (cells(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** Whether no layer sees anything beyond the borders of what it is given. */
export function padsNothing(scores: Value): boolean {
  return orderedNodes([scores]).every(({ operator, attributes }) => {
    if (operator === Pad) return false;
    if (operator !== Conv && operator !== MaxPool && operator !== AveragePool) return true;
    const mode = attributes.auto_pad ?? "NOTSET";
    const pads = (attributes.pads as readonly number[] | undefined) ?? [];
    return (mode === "NOTSET" || mode === "VALID") && pads.every((pad) => pad === 0);
  });
}

/** The net of one picture for so many at once. */
export function withBatch(scores: Value, input: Value, batch: number): Value {
  const graph = new Graph();
  const many = graph.input(input.name, [batch, ...input.dims.slice(1)], input.dtype);
  return copyGraph(
    { scores },
    {
      into: graph,
      replaced: new Map([[input, many]]),
      rewrite({ operator, inputs: [before], outputs: [after] }, [x]) {
        if (operator !== Reshape || before!.shape[0] !== 1 || after.shape[0] !== 1) return undefined;
        return [reshape(x!, [batch, ...after.dims.slice(1)])]; // its target says 1, too
      },
    },
  ).outputs.scores;
}
