import { requireWhole } from "../../core/index.ts";
import type { InspectedNet, PixelBox } from "../net/index.ts";
import { Batched } from "./batched.ts";
import { type Target, targetValues } from "./target.ts";

/** How much the target loses where the picture is covered. */
export interface OcclusionMap {
  /** `[height, width]` of the net's input: the mean loss of the target over the squares that cover a pixel. */
  map: Float32Array;
  height: number;
  width: number;
  /** Side of the squares, and their distance, in pixels. */
  side: number;
  stride: number;
}

export interface OcclusionOptions {
  /** Side of the grey square in pixels, at most the picture's longer one; default an eighth of that. */
  side?: number;
  /** Distance of the squares in pixels; default half the side. */
  stride?: number;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/**
 * Occlusion (Zeiler & Fergus 2014): a square of the picture's mean colour is moved over it, and what the target loses is
 * noted. Several squares are looked at as one batch.
 *
 * @param content the part of the input that shows the picture
 * @returns undefined where the signal asked to stop
 * @throws FoveaError `argument-range`
 */
export async function occlusionMap(
  net: InspectedNet,
  target: Target,
  values: Float32Array,
  content: PixelBox,
  options: OcclusionOptions = {},
): Promise<OcclusionMap | undefined> {
  const { signal, onProgress } = options;
  requireWhole("occlusionMap", "side", options.side ?? 1, 1);
  requireWhole("occlusionMap", "stride", options.stride ?? 1, 1);
  const { width, height, channels, channelsLast } = net.layout;
  const [left, top, right, bottom] = content;
  const longer = Math.max(right - left, bottom - top);
  const side = Math.max(1, Math.min(options.side ?? Math.round(longer / 8), longer));
  const stride = options.stride ?? Math.max(1, Math.round(side / 2));
  const squares = startsOf(top, bottom, side, stride).flatMap((y) =>
    startsOf(left, right, side, stride).map((x) => [x, y] as const),
  );
  const at = (channel: number, x: number, y: number) =>
    channelsLast ? (y * width + x) * channels + channel : (channel * height + y) * width + x;
  const mean = Array.from({ length: channels }, (_, channel) => {
    let sum = 0;
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += values[at(channel, x, y)];
    return sum / ((right - left) * (bottom - top));
  });
  const program = await Batched.compile(net, squares.length, (pictures) => {
    const { tensor } = net.rebuild({ tensor: target.tensor }, pictures).outputs;
    return { scores: targetValues(tensor, target) };
  });
  const losses = new Float32Array(width * height);
  const counts = new Float32Array(width * height);
  try {
    const isComplete = await program.run(
      squares.length,
      (i, into) => {
        into.set(values);
        const [x0, y0] = squares[i];
        for (let channel = 0; channel < channels; channel++) {
          for (let y = y0; y < Math.min(y0 + side, bottom); y++) {
            for (let x = x0; x < Math.min(x0 + side, right); x++) into[at(channel, x, y)] = mean[channel];
          }
        }
      },
      (i, result) => {
        const [x0, y0] = squares[i];
        const loss = target.value - result("scores")[0];
        for (let y = y0; y < Math.min(y0 + side, bottom); y++) {
          for (let x = x0; x < Math.min(x0 + side, right); x++) {
            losses[y * width + x] += loss;
            counts[y * width + x]++;
          }
        }
        onProgress?.(i + 1, squares.length);
      },
      signal,
    );
    if (!isComplete) return undefined;
  } finally {
    await program.close();
  }
  return { map: losses.map((loss, i) => loss / Math.max(1, counts[i])), height, width, side, stride };
}

/** Where squares begin so that they reach from end to end. */
function startsOf(from: number, to: number, side: number, stride: number): number[] {
  const last = Math.max(from, to - side);
  const count = Math.ceil((last - from) / stride);
  return Array.from({ length: count + 1 }, (_, i) => Math.min(last, from + i * stride));
}
