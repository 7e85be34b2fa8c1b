import type { PictureSize } from "../../image/index.ts";

/** A part of a picture that a net looks at by itself, and the part of it that counts. */
export interface Window {
  /** Left and top pixel. */
  x: number;
  y: number;
  /** The pixels that this window and no other answers for: from `left` and `top` up to before `right` and `bottom`. */
  core: { left: number; top: number; right: number; bottom: number };
}

/** Windows of one size that cover a picture, their cores without overlap. */
export interface WindowPlan {
  /** Size of every window. */
  size: PictureSize;
  windows: Window[];
}

/** How to cut a picture. */
export interface WindowOptions {
  /** Longest side of a window. */
  side: number;
  /** Pixels around a core that its features see. */
  halo: number;
  /** The coarsest stride: places of windows are multiples of it. */
  alignment: number;
  /** Where the cores' grid begins, in multiples of `alignment`; 0 by default. */
  shift?: { x: number; y: number };
}

/**
 * Cuts a picture into windows. A window never reaches over the picture's edge: there it moves inwards, so that what a
 * net does at edges happens at the picture's own only.
 *
 * @param picture sides are multiples of `alignment`, or no larger than a window
 */
export function planWindows(picture: PictureSize, options: WindowOptions): WindowPlan {
  const { shift = { x: 0, y: 0 } } = options;
  const across = planAxis(picture.width, options, shift.x);
  const down = planAxis(picture.height, options, shift.y);
  return {
    size: { width: across.side, height: down.side },
    windows: down.parts.flatMap((row) =>
      across.parts.map((column) => ({
        x: column.start,
        y: row.start,
        core: { left: column.from, top: row.from, right: column.to, bottom: row.to },
      })),
    ),
  };
}

interface AxisPart {
  start: number;
  from: number;
  to: number;
}

function planAxis(
  length: number,
  { side, halo, alignment }: WindowOptions,
  shift: number,
): { side: number; parts: AxisPart[] } {
  const longest = Math.max(alignment, Math.floor(side / alignment) * alignment);
  if (length <= longest) return { side: length, parts: [{ start: 0, from: 0, to: length }] };
  const margin = Math.ceil(halo / alignment) * alignment;
  const step = Math.max(alignment, longest - 2 * margin);
  const parts: AxisPart[] = [];
  const first = shift > 0 ? shift % step : 0;
  for (let from = first > 0 ? first - step : 0; from < length; from += step) {
    const start = Math.min(length - longest, Math.max(0, from - margin));
    parts.push({ start, from: Math.max(0, from), to: Math.min(length, from + step) });
  }
  return { side: longest, parts };
}
