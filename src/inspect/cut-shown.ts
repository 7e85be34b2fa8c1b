import type { ShownLayers } from "./inspection.ts";
import type { Layer } from "./layers/index.ts";
import type { InspectedNet } from "./net/index.ts";
import { cutPatches, type DataPictures, type Scan, type WantedPatch } from "./patches/index.ts";

/**
 * Cuts the patches of the shown units out of the pictures; those whose picture cannot be read again are left out.
 *
 * @param shown gets them
 * @param onProgress told after each picture
 */
export async function cutShown(
  net: InspectedNet,
  layers: readonly Layer[],
  pictures: DataPictures,
  { tops }: Scan,
  { found, drawn }: ShownLayers,
  onProgress?: (done: number, total: number) => void,
): Promise<void> {
  const wanted = layers.flatMap((layer, l) =>
    found[l].shown.flatMap((unit, i) =>
      tops[l].of(unit.unit).map((patch, rank): WantedPatch => {
        return {
          layer,
          patch,
          put(tile, box) {
            drawn[l].patches[i][rank] = tile;
            const { picture, activation } = patch;
            unit.patches[rank] = { picture: pictures.names[picture], activation, box };
          },
        };
      }),
    ),
  );
  await cutPatches(net, pictures, wanted, onProgress);
  for (const [l, { shown }] of found.entries()) {
    for (const [i, unit] of shown.entries()) {
      drawn[l].patches[i] = drawn[l].patches[i].filter(Boolean);
      unit.patches = unit.patches.filter(Boolean);
    }
  }
}
