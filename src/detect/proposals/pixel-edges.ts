import type { Planes } from "./colour-spaces.ts";

/** Neighbours that an edge leads to: right, down, down-right, down-left. */
const DIRECTIONS = 4;

/** The edges between all neighbouring pixels (8 each), by rising difference of colour. */
export interface PixelEdges {
  /** One end of each edge. */
  readonly from: Int32Array;
  /** The other end. */
  readonly to: Int32Array;
  /** Euclidean distance of the ends' colours. */
  readonly weights: Float32Array;
}

/** The edges of smoothed planes; of equal ones the one that begins earlier in the picture comes first. */
export function sortedEdges({ width, height, channels }: Planes): PixelEdges {
  const steps = [1, width, width + 1, width - 1];
  const most = DIRECTIONS * width * height;
  const weights = new Float32Array(most);
  const places = new Int32Array(most); // pixel × 4 + direction
  let count = 0;
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const [right, down, left] = [x + 1 < width, y + 1 < height, x > 0];
      for (let direction = 0; direction < DIRECTIONS; direction++) {
        if (direction === 0 ? !right : !down) continue;
        if (direction === 2 ? !right : direction === 3 && !left) continue;
        weights[count] = distance(channels, pixel, pixel + steps[direction]);
        places[count++] = DIRECTIONS * pixel + direction;
      }
    }
  }
  const sorted = sortByWeight(weights.subarray(0, count), places.subarray(0, count));
  const [from, to] = [new Int32Array(count), new Int32Array(count)];
  for (let e = 0; e < count; e++) {
    const place = sorted.places[e];
    from[e] = place >> 2;
    to[e] = from[e] + steps[place & 3];
  }
  return { from, to, weights: sorted.weights };
}

function distance(channels: readonly Float32Array[], a: number, b: number): number {
  let sum = 0;
  for (let c = 0; c < channels.length; c++) {
    const difference = channels[c][a] - channels[c][b];
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}

/** Bits that one pass of the radix sort looks at, and the passes that see all bits of a number. */
const RADIX_BITS = 11;
const PASSES = 3;

/** Sorts stably: bits of positive floats rise as the numbers do, so a radix sort over the bits will do. */
function sortByWeight(
  weights: Float32Array,
  places: Int32Array,
): { weights: Float32Array; places: Int32Array } {
  const count = weights.length;
  let keys: Uint32Array = new Uint32Array(weights.buffer, weights.byteOffset, count);
  let values: Int32Array = places;
  let nextKeys: Uint32Array = new Uint32Array(count);
  let nextValues: Int32Array = new Int32Array(count);
  for (let pass = 0; pass < PASSES; pass++) {
    const shift = RADIX_BITS * pass;
    const mask = (1 << RADIX_BITS) - 1;
    const starts = new Int32Array(mask + 2);
    for (let i = 0; i < count; i++) starts[((keys[i] >>> shift) & mask) + 1]++;
    for (let digit = 0; digit < mask; digit++) starts[digit + 1] += starts[digit];
    for (let i = 0; i < count; i++) {
      const target = starts[(keys[i] >>> shift) & mask]++;
      nextKeys[target] = keys[i];
      nextValues[target] = values[i];
    }
    [keys, nextKeys] = [nextKeys, keys];
    [values, nextValues] = [nextValues, values];
  }
  return { weights: new Float32Array(keys.buffer, keys.byteOffset, count), places: values };
}
