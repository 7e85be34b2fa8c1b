import type { PictureSize } from "../../image/index.ts";
import { planWindows, type WindowPlan } from "./windows.ts";

/** Pictures of more pixels are computed window by window; of fewer, the maps fit into about a gigabyte. */
const LARGEST_WHOLE = 900_000;
const USUAL_TILE = 512;
/** Windows are cut around cores by what their features see, up to this: some look far, or at everything. */
const LARGEST_HALO = 96;

/** What a net's layers see of a picture. */
export interface Extent {
  /** Pixels to each side; infinite where a layer looks at everything. */
  reach: number;
  /** The coarsest stride. */
  stride: number;
}

/** How a picture of a size is computed: in one window, or in many that answer for a part each. */
export function planPicture(
  size: PictureSize,
  extent: Extent,
  tile?: number,
  shift = { x: 0, y: 0 },
): WindowPlan {
  const isWhole =
    tile === undefined
      ? size.width * size.height <= LARGEST_WHOLE
      : Math.max(size.width, size.height) <= tile;
  const side = isWhole ? Math.max(size.width, size.height) + extent.stride : (tile ?? USUAL_TILE);
  return planWindows(size, { side, halo: haloOf(extent, side), alignment: extent.stride, shift });
}

function haloOf({ reach }: Extent, side: number): number {
  return Math.min(reach, LARGEST_HALO, side / 4);
}

/** Whether windows of a side show all that features of their cores see: then they give what the whole picture would. */
export function areExact(extent: Extent, tile: number = USUAL_TILE): boolean {
  return extent.reach <= haloOf(extent, tile);
}

/** The smallest size not below `size` whose sides are multiples of a stride: windows must end where the picture does. */
export function alignedSize({ width, height }: PictureSize, stride: number): PictureSize {
  const up = (side: number) => Math.ceil(side / stride) * stride;
  return { width: up(width), height: up(height) };
}
