import type { ShownLayers } from "./inspection.ts";
import type { Layer } from "./layers/index.ts";
import { loadMade, saveMade } from "./made-pictures.ts";
import type { InspectedNet } from "./net/index.ts";
import type { Scan } from "./patches/index.ts";
import { colourSpaceOf, synthesize } from "./synthesis/index.ts";

/** How to make pictures. */
export interface MakingOptions {
  /** Folder of the inspection, in which a layer's pictures are kept when they are done. */
  out: string;
  /** What the search is of, see `scanKey`. */
  key: string;
  /** Steps of gradient ascent for each picture. */
  steps: number;
  seed: number;
  signal?: AbortSignal;
  /** Told after each step: how much of all work is done, and the layer's name. */
  onProgress?: (done: number, total: number, layer: string) => void;
}

/**
 * Makes a picture for each shown unit, or finds those that a stopped run made.
 *
 * @param shown gets them, and the activations by them
 * @returns whether all are there; false where the signal asked to stop
 */
export async function makeShown(
  net: InspectedNet,
  layers: readonly Layer[],
  { tops, colours }: Scan,
  { found, drawn }: ShownLayers,
  { out, key, steps, seed, signal, onProgress }: MakingOptions,
): Promise<boolean> {
  const costs = layers.map((layer, l) => costOf(net, layer) * found[l].shown.length);
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  let before = 0;
  for (const [l, layer] of layers.entries()) {
    if (signal?.aborted) return false;
    const wishes = found[l].shown.map(({ unit }) => {
      return { unit, reference: Math.max(tops[l].of(unit)[0]?.activation ?? 0, 1e-3) };
    });
    const by = { key, steps, seed, wishes };
    const kept = await loadMade(out, l, by);
    const made =
      kept ??
      (await synthesize(net, layer, wishes, {
        colours: colourSpaceOf(colours),
        steps,
        seed,
        signal,
        onProgress: (done, of) => onProgress?.(before + (costs[l] * done) / of, total, layer.name),
      }));
    for (const [i, { picture, activation }] of made.entries()) {
      drawn[l].synthesised[i] = picture;
      found[l].shown[i].synthesised = activation;
    }
    if (made.length < wishes.length) return false;
    if (!kept) await saveMade(out, l, made, by);
    before += costs[l];
  }
  return true;
}

/** About how much work a unit's picture is: the layer's depth times its pixels. */
function costOf({ layout }: InspectedNet, { figures }: Layer): number {
  const side = Math.min(128, figures.size + 2 * figures.stride, Math.max(layout.width, layout.height));
  return (side + 32) ** 2 * Math.log2(2 + figures.size);
}
