import type { RegionFeatures } from "./region-features.ts";

/** What two regions are compared by: Uijlings et al. 2013, §3.2. */
export type Similarity = "colour" | "texture" | "size" | "fill";

/** How alike two regions are: the sum of the wanted measures, each in [0, 1]. */
export type Compare = (a: number, b: number) => number;

/** The measure of alikeness of regions of a picture of so many pixels. */
export function comparison(features: RegionFeatures, pixels: number, wanted: readonly Similarity[]): Compare {
  const { sizes, boxes, colours, colourSize, textures, textureSize } = features;
  const [colour, texture, size, fill] = (["colour", "texture", "size", "fill"] as const).map((name) =>
    wanted.includes(name),
  );
  return (a, b) => {
    let sum = 0;
    if (colour) sum += intersection(colours, colourSize, a, b);
    if (texture) sum += intersection(textures, textureSize, a, b);
    const together = sizes[a] + sizes[b];
    if (size) sum += 1 - together / pixels; // small regions join early, everywhere in the picture
    if (fill) sum += 1 - (hullArea(boxes, 4 * a, 4 * b) - together) / pixels; // regions that fit into each other
    return sum;
  };
}

/** What two histograms have in common. */
function intersection(histograms: Float32Array, size: number, a: number, b: number): number {
  let sum = 0;
  for (let i = a * size, j = b * size, end = i + size; i < end; i++, j++) {
    const [p, q] = [histograms[i], histograms[j]];
    sum += p < q ? p : q;
  }
  return sum;
}

/** Area of the box around two boxes. */
function hullArea(boxes: Int32Array, a: number, b: number): number {
  const width = Math.max(boxes[a + 2], boxes[b + 2]) - Math.min(boxes[a], boxes[b]);
  return width * (Math.max(boxes[a + 3], boxes[b + 3]) - Math.min(boxes[a + 1], boxes[b + 1]));
}

/** Writes what is known of the union of regions a and b as region `to`. */
export function unite(features: RegionFeatures, a: number, b: number, to: number, histograms: boolean): void {
  const { sizes, boxes, colours, colourSize, textures, textureSize } = features;
  for (let corner = 0; corner < 4; corner++) {
    const [p, q] = [boxes[4 * a + corner], boxes[4 * b + corner]];
    boxes[4 * to + corner] = corner < 2 ? Math.min(p, q) : Math.max(p, q);
  }
  sizes[to] = sizes[a] + sizes[b];
  if (!histograms) return;
  const share = sizes[a] / sizes[to];
  blend(colours, colourSize, a, b, to, share);
  blend(textures, textureSize, a, b, to, share);
}

/** The united region's histogram: the mean of both, weighted by their pixels. */
function blend(
  histograms: Float32Array,
  size: number,
  a: number,
  b: number,
  to: number,
  share: number,
): void {
  for (let i = 0; i < size; i++) {
    histograms[to * size + i] = share * histograms[a * size + i] + (1 - share) * histograms[b * size + i];
  }
}
