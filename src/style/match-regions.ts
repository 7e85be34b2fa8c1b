import { matchColors, type Planes } from "./planes/index.ts";
import { leftOver } from "./regions.ts";

/** A style whose colours are given to a part of the content. */
export interface ColorSource {
  weight: number;
  planes: Planes;
  /** `[height, width]` of the content; without one it shares what the masks of the others leave. */
  mask?: Float32Array;
}

/**
 * The content in the styles' colours, each where it rules: those with a mask where that is, the others, blended by
 * weight, in what is left over. Where no style rules, the content keeps its own.
 */
export function matchRegions(content: Planes, styles: readonly ColorSource[]): Planes {
  const size = content.width * content.height;
  const masks = styles.flatMap(({ mask }) => mask ?? []);
  const open = styles.filter(({ mask }) => !mask).reduce((sum, { weight }) => sum + weight, 0);
  const rest = masks.length > 0 ? leftOver(masks, size) : undefined;
  const shares = new Float32Array(size);
  const change = new Float32Array(3 * size);
  for (const { weight, planes, mask } of styles) {
    const where = mask ?? rest;
    const matched = matchColors(content, planes, where).data;
    const share = mask ? 1 : weight / open;
    for (let i = 0; i < size; i++) {
      const here = share * (where ? where[i] : 1);
      shares[i] += here;
      for (let k = i; k < 3 * size; k += size) change[k] += here * (matched[k] - content.data[k]);
    }
  }
  // Where masks overlap, all of them together count once.
  const data = content.data.map((value, k) => value + change[k] / Math.max(1, shares[k % size]));
  return { ...content, data };
}
