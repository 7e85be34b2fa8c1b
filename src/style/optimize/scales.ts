import type { PictureSize } from "../../image/index.ts";

/** One of the sizes that a picture grows through. */
export interface Scale extends PictureSize {
  iterations: number;
}

/** The first picture is about so large: strokes of its size are as coarse as a style's composition. */
const SMALLEST = 128;
/** No scale's longer side is below this: a net's deeper layers would see nothing. */
const LEAST = 32;
/** Of all iterations the last scale takes this share; the others have the rest in equal parts. */
const LAST_SHARE = 0.4;

/**
 * The sizes from small to large, each about twice the one before, with what each may take of the iterations: one at
 * least, so that there are no more sizes than iterations.
 *
 * @param count number of scales; default: as many as lead up from about 128 pixels
 */
export function planScales({ width, height }: PictureSize, iterations: number, count?: number): Scale[] {
  const longer = Math.max(width, height);
  const wished = count ?? 1 + Math.round(Math.log2(longer / SMALLEST));
  const seen = 1 + Math.floor(Math.log2(longer / LEAST));
  const scales = Math.max(1, Math.min(wished, seen, iterations));
  const early = scales > 1 ? Math.round((iterations * (1 - LAST_SHARE)) / (scales - 1)) : 0;
  return Array.from({ length: scales }, (_, i) => {
    const factor = 2 ** (scales - 1 - i);
    const isLast = i === scales - 1;
    return {
      width: Math.max(1, Math.round(width / factor)),
      height: Math.max(1, Math.round(height / factor)),
      iterations: isLast ? iterations - early * (scales - 1) : early,
    };
  });
}

/** The size with a picture's proportions whose longer side is `side`. */
export function sizeWithSide({ width, height }: PictureSize, side: number): PictureSize {
  const factor = side / Math.max(width, height);
  return {
    width: Math.max(1, Math.round(width * factor)),
    height: Math.max(1, Math.round(height * factor)),
  };
}
