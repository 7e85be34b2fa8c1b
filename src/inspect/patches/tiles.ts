import { cropPicture, type Picture, resizePicture } from "../../image/index.ts";
import { enlargeSquares, FEW_PIXELS } from "../enlarge-squares.ts";
import type { Layer } from "../layers/index.ts";
import { type InspectedNet, intersect, type PixelBox, type View } from "../net/index.ts";
import { fieldAt } from "../receptive-field.ts";
import type { DataPictures } from "./data-pictures.ts";
import { markPlace, showsPlace } from "./mark-place.ts";
import type { Patch } from "./top-patches.ts";

/** Side of a tile in pixels. */
export const TILE = 80;

/** A patch that is to be cut out, and where its tile goes. */
export interface WantedPatch {
  layer: Layer;
  patch: Patch;
  put: (tile: Picture, box: PixelBox) => void;
}

/** Cuts patches out of their pictures, each of which is opened once. */
export async function cutPatches(
  net: InspectedNet,
  pictures: DataPictures,
  wanted: readonly WantedPatch[],
  onProgress?: (done: number, total: number) => void,
): Promise<void> {
  const byPicture = new Map<number, WantedPatch[]>();
  for (const each of wanted) {
    const { picture } = each.patch;
    byPicture.set(picture, [...(byPicture.get(picture) ?? []), each]);
  }
  let done = 0;
  for (const [index, patches] of byPicture) {
    const view = await viewOf(net, pictures, index);
    for (const { layer, patch, put } of view ? patches : []) {
      const box = patchBox(layer, patch, view!);
      if (!box) continue;
      const seen = cropPicture(view!.pixels, [...box]);
      put(
        await toTile(showsPlace(layer, box, view!) ? markPlace(seen, layer, patch, box, view!) : seen),
        box,
      );
    }
    onProgress?.(++done, byPicture.size);
  }
}

async function viewOf(net: InspectedNet, pictures: DataPictures, index: number): Promise<View | undefined> {
  try {
    return await net.view(await pictures.open(index));
  } catch {
    return undefined; // it was there when it was looked through
  }
}

/** The pixels that a unit saw: its receptive field, clipped to the picture. */
export function patchBox({ field, width }: Layer, { place }: Patch, { content }: View): PixelBox | undefined {
  const box = fieldAt(field, Math.floor(place / width), place % width);
  return box && (intersect(box, content) ?? box);
}

/** A picture as a tile: proportions kept, on grey. */
export async function toTile(picture: Picture, side: number = TILE): Promise<Picture> {
  if (picture.width === side && picture.height === side) return picture;
  const scale = side / Math.max(picture.width, picture.height);
  const size = [picture.width, picture.height].map((length) => Math.max(1, Math.round(length * scale)));
  const [width, height] = size;
  const few = Math.max(picture.width, picture.height) < FEW_PIXELS;
  const scaled = few ? enlargeSquares(picture, width, height) : await resizePicture(picture, width, height);
  return width === side && height === side ? scaled : centred(scaled, side);
}

const GROUND = 128;

function centred(picture: Picture, side: number): Picture {
  const data = new Uint8Array(3 * side * side).fill(GROUND);
  const [left, top] = [(side - picture.width) >> 1, (side - picture.height) >> 1];
  for (let y = 0; y < picture.height; y++) {
    const row = picture.data.subarray(3 * y * picture.width, 3 * (y + 1) * picture.width);
    data.set(row, 3 * ((top + y) * side + left));
  }
  return { width: side, height: side, data };
}
