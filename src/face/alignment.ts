import { FoveaError } from "../core/index.ts";
import { type Affine, composeAffine, invertAffine, similarityTransform } from "../geometry/index.ts";

/** Side of an aligned face in pixels. */
export const CHIP_SIZE = 150;

/** Counts the ways in which faces were cut out: grows with every change that moves encodings. */
export const ALIGNMENT_VERSION = 1;

/** What lies around the face on each side, as a share of it. */
const PADDING = 0.25;

/** dlib's mean face (King, dlib 19): points 17 to 67 of the 68, x and then y, in a unit square. */
const MEAN_X = [
  0.000213256, 0.0752622, 0.18113, 0.29077, 0.393397, 0.586856, 0.689483, 0.799124, 0.904991, 0.98004,
  0.490127, 0.490127, 0.490127, 0.490127, 0.36688, 0.426036, 0.490127, 0.554217, 0.613373, 0.121737, 0.187122,
  0.265825, 0.334606, 0.260918, 0.182743, 0.645647, 0.714428, 0.793132, 0.858516, 0.79751, 0.719335, 0.254149,
  0.340985, 0.428858, 0.490127, 0.551395, 0.639268, 0.726104, 0.642159, 0.556721, 0.490127, 0.423532,
  0.338094, 0.290379, 0.428096, 0.490127, 0.552157, 0.689874, 0.553364, 0.490127, 0.42689,
];
const MEAN_Y = [
  0.106454, 0.038915, 0.0187482, 0.0344891, 0.0773906, 0.0773906, 0.0344891, 0.0187482, 0.038915, 0.106454,
  0.203352, 0.307009, 0.409805, 0.515625, 0.587326, 0.609345, 0.628106, 0.609345, 0.587326, 0.216423,
  0.178758, 0.179852, 0.231733, 0.245099, 0.244077, 0.231733, 0.179852, 0.178758, 0.216423, 0.244077,
  0.245099, 0.780233, 0.745405, 0.727388, 0.742578, 0.727388, 0.745405, 0.780233, 0.864805, 0.902192,
  0.909281, 0.902192, 0.864805, 0.784792, 0.778746, 0.785343, 0.778746, 0.784792, 0.824182, 0.831803,
  0.824182,
];
const FIRST = 17;

/** Pixels of the picture to one of the chip below which a face is a point: what is cut out must have two each way. */
const SMALLEST = 2 / CHIP_SIZE;

/** Those that move least as a face speaks and frowns: the nose, the eyes, the upper lip. */
const STEADY = [...range(27, 54), ...range(60, 64)];

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Where the steady points of the mean face lie in a chip. */
const meanFace = STEADY.map((point): [number, number] => {
  const place = (mean: readonly number[]) =>
    ((PADDING + mean[point - FIRST]) / (1 + 2 * PADDING)) * CHIP_SIZE;
  return [place(MEAN_X), place(MEAN_Y)];
});

/**
 * The similarity that turns, scales and shifts a face so that it lies in the middle of a chip, its eyes level, exactly as
 * dlib cuts it out (King, `get_face_chip_details`). The mean face is fitted to the picture and the map turned round:
 * fitted the other way, the more a face differs from the mean one, the smaller it would come out.
 *
 * @param points the 68 of the face, in pixels of the picture
 * @returns from the picture's pixels to the chip's
 * @throws FoveaError `points-degenerate` where the points lie in one place
 */
export function alignFace(points: readonly (readonly [x: number, y: number])[]): Affine {
  const steady = STEADY.map((point) => points[point]);
  const toPicture = similarityTransform(meanFace, steady);
  const scale = Math.hypot(toPicture[0], toPicture[3]);
  if (!(scale > SMALLEST)) {
    throw new FoveaError(
      "points-degenerate",
      `The ${points.length} points of a face lie in one place (${steady[0].join(", ")}), or nearly: its turn and size cannot be told.`,
    );
  }
  // dlib lays middle of the outermost pixel on middle of the outermost pixel, not edge on edge.
  const stretch = (scale * (CHIP_SIZE - 1)) / (scale * CHIP_SIZE - 1);
  const shift = (CHIP_SIZE / 2) * (1 - stretch);
  return composeAffine(invertAffine(toPicture), [stretch, 0, shift, 0, stretch, shift]);
}
