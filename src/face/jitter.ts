import { Random } from "../core/index.ts";
import { type Affine, composeAffine } from "../geometry/index.ts";
import type { Picture } from "../image/index.ts";
import { drawChip, mirroredChip } from "./chip.ts";

/** Most by which a chip is turned, in degrees. */
const TURN = 3;
/** Range of the factors by which it is scaled, … */
const SCALES = [0.965, 1.01] as const;
/** … and most by which it is shifted along each axis, as a share of its side. */
const SHIFT = 0.02;

/** A chip drawn a little differently. */
export interface ChipJitter {
  /** From the chip's pixels to the jittered one's. */
  map: Affine;
  /** Whether it is then mirrored. */
  mirrored: boolean;
}

/**
 * Small random similarities of a chip about its middle: turned by up to 3°, scaled by .965 to 1.01, shifted by up to 2 % of
 * the side; every second one is mirrored. The mean of a face's encodings over such copies depends less on where its points
 * happened to be put, and tells people apart better (King 2017 averages a hundred copies with dlib's net).
 *
 * @param count of copies, at least 1
 * @param side of the chip in pixels
 * @param seed the same gives the same copies: all faces of a comparison should be encoded with one
 */
export function chipJitters(count: number, side: number, seed: number = 0): ChipJitter[] {
  return Array.from({ length: count }, (_, i) => {
    const random = new Random(seed, i);
    const angle = (random.uniform(-TURN, TURN) * Math.PI) / 180;
    const scale = random.uniform(...SCALES);
    const [dx, dy] = [random.uniform(-SHIFT, SHIFT) * side, random.uniform(-SHIFT, SHIFT) * side];
    const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
    const middle = side / 2;
    const map: Affine = [
      cos,
      -sin,
      middle + dx - (cos - sin) * middle,
      sin,
      cos,
      middle + dy - (sin + cos) * middle,
    ];
    return { map, mirrored: i % 2 === 1 };
  });
}

/**
 * Jittered chips of a face, each `[3, side, side]`, 0…255. They are drawn from the picture at once, so that nothing is
 * blurred twice and what lies beside the chip comes into view.
 *
 * @param toChip from the picture's pixels to those of the chip that is not jittered
 */
export function jitteredChips(
  picture: Picture,
  toChip: Affine,
  side: number,
  count: number,
  seed: number = 0,
): Float32Array[] {
  return chipJitters(count, side, seed).map(({ map, mirrored }) => {
    const chip = drawChip(picture, composeAffine(toChip, map), side);
    return mirrored ? mirroredChip(chip, side) : chip;
  });
}
