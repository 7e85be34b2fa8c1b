import { type Affine, composeAffine, invertAffine } from "../geometry/index.ts";
import { type Picture, type PictureSize, sampleAffine } from "../image/index.ts";
import { alignFace, CHIP_SIZE } from "./alignment.ts";

/**
 * How a picture becomes what an encoder looks at: "dlib" turns, scales and shifts each face by its points
 * ({@link alignFace}); "none" takes a picture of one face as it is, stretched to the input.
 */
export type FaceAlignment = "dlib" | "none";

/**
 * From a picture's pixels to those of a chip with the given side.
 * @param points the 68 of the face; without them the whole picture is the chip
 * @throws FoveaError `points-degenerate`
 */
export function chipTransform(
  { width, height }: PictureSize,
  points: readonly (readonly [x: number, y: number])[] | undefined,
  side: number,
): Affine {
  if (!points) return [side / width, 0, 0, 0, side / height, 0];
  const scale = side / CHIP_SIZE;
  return composeAffine(alignFace(points), [scale, 0, 0, 0, scale, 0]);
}

/** The chip that a map leads to, `[3, side, side]`, 0…255; black where the picture ends. */
export function drawChip(picture: Picture, toChip: Affine, side: number): Float32Array {
  const chip = new Float32Array(3 * side * side);
  sampleAffine(picture, invertAffine(toChip), { width: side, height: side }, chip);
  return chip;
}

/** Planes `[3, side, side]`, 0…255, as a picture. */
export function pictureOfPlanes(planes: ArrayLike<number>, side: number): Picture {
  const plane = side * side;
  const data = new Uint8Array(3 * plane);
  for (let i = 0; i < plane; i++) {
    for (let channel = 0; channel < 3; channel++)
      data[3 * i + channel] = Math.round(planes[channel * plane + i]);
  }
  return { width: side, height: side, data };
}

/** A chip left to right. */
export function mirroredChip(chip: Float32Array, side: number): Float32Array {
  const result = new Float32Array(chip.length);
  for (let row = 0; row < chip.length; row += side) {
    for (let x = 0; x < side; x++) result[row + x] = chip[row + side - 1 - x];
  }
  return result;
}
