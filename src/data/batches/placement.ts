import type { Random } from "../../core/index.ts";
import { type Affine, composeAffine, letterbox, type Xyxy } from "../../geometry/index.ts";
import type { PictureSize } from "../../image/index.ts";
import type { FactorRange } from "../augment/index.ts";
import type { Augment } from "./augment-options.ts";

/** Where a picture, or a part of it, goes in the input. */
export interface Placement {
  /** From pixels of the picture to pixels of the input. */
  readonly toInput: Affine;
  /** The part that is shown, in pixels of the picture. */
  readonly crop: Xyxy;
}

/** The whole picture, letterboxed. */
export function placeLetterboxed(picture: PictureSize, input: PictureSize): Placement {
  const { newWidth, newHeight, padX, padY } = letterbox(
    picture.width,
    picture.height,
    input.width,
    input.height,
  );
  const toInput = [newWidth / picture.width, 0, padX, 0, newHeight / picture.height, padY] as const;
  return { toInput, crop: whole(picture) };
}

/** The whole picture: flipped, scaled, stretched, turned, rotated and sheared about its centre, and shifted. */
export function placeSingle(
  random: Random,
  picture: PictureSize,
  input: PictureSize,
  augment: Augment,
): Placement {
  const stretch = drawStretch(random, picture, input, augment.scale, augment);
  const turn = chain(drawQuarter(random, augment), drawTurn(random, augment));
  const shiftX = random.uniform(-augment.translate, augment.translate);
  const shiftY = random.uniform(-augment.translate, augment.translate);
  const centred = translation(-picture.width / 2, -picture.height / 2);
  const placed = translation(input.width * (0.5 + shiftX), input.height * (0.5 + shiftY));
  return { toInput: chain(centred, stretch, turn, placed), crop: whole(picture) };
}

/** A mosaic's centre keeps at least this fraction of the input's sides from its borders. */
const centreMargin = 0.25;

/**
 * Four pictures (upper left, upper right, lower left, lower right) that touch a random centre. Each is
 * flipped, scaled and stretched by itself; of one too large for its quarter, a random part is cut off at the
 * centre, so that the quarter shows any part of it and not its corner only. The whole then turns about the
 * centre.
 */
export function placeMosaic(
  random: Random,
  pictures: readonly PictureSize[],
  input: PictureSize,
  augment: Augment,
): Placement[] {
  const centreX = input.width * random.uniform(centreMargin, 1 - centreMargin);
  const centreY = input.height * random.uniform(centreMargin, 1 - centreMargin);
  const turn = chain(
    translation(-centreX, -centreY),
    drawTurn(random, augment),
    translation(centreX, centreY),
  );
  return pictures.map((picture, quarter) => {
    const stretch = drawStretch(random, picture, input, augment.mosaicScale, augment);
    const x = placeBeside(random, quarter % 2 === 0, centreX, input.width, stretch[0], picture.width);
    const y = placeBeside(random, quarter < 2, centreY, input.height, stretch[4], picture.height);
    return {
      toInput: chain(stretch, translation(x.origin, y.origin), turn),
      crop: [x.low, y.low, x.high, y.high],
    };
  });
}

/**
 * One axis of a picture in a mosaic: where its pixel coordinate 0 goes, and which part of it is shown.
 * `factor` is negative for a mirrored picture.
 */
function placeBeside(
  random: Random,
  before: boolean,
  centre: number,
  side: number,
  factor: number,
  length: number,
): { origin: number; low: number; high: number } {
  const room = before ? centre : side - centre;
  const cut = random.next() * Math.max(0, Math.abs(factor) * length - room);
  // The picture's extent in the input is `start … start + |factor| · length`, of which `cut` is beyond the centre.
  const start = before ? centre + cut - Math.abs(factor) * length : centre - cut;
  const cutPixels = cut / Math.abs(factor);
  const cutAtHigh = before === factor > 0;
  return {
    origin: factor > 0 ? start : start - factor * length,
    low: cutAtHigh ? 0 : cutPixels,
    high: cutAtHigh ? length - cutPixels : length,
  };
}

/** The letterbox's scale, varied in size and aspect and with a negative sign where flipped. */
function drawStretch(
  random: Random,
  picture: PictureSize,
  input: PictureSize,
  scale: FactorRange,
  augment: Augment,
): Affine {
  const factor =
    Math.min(input.width / picture.width, input.height / picture.height) * logUniform(random, ...scale);
  const aspect = Math.sqrt(logUniform(random, 1 / augment.aspect, augment.aspect));
  const signX = random.chance(augment.flipHorizontal) ? -1 : 1;
  const signY = random.chance(augment.flipVertical) ? -1 : 1;
  return scaling(signX * factor * aspect, (signY * factor) / aspect);
}

/** A quarter turn to one side or the other, or none. */
function drawQuarter(random: Random, { quarterTurn }: Augment): Affine {
  if (!random.chance(quarterTurn)) return scaling(1, 1);
  const sign = random.chance(0.5) ? 1 : -1;
  return [0, -sign, 0, sign, 0, 0];
}

/** A rotation and a horizontal shear about the origin. */
function drawTurn(random: Random, { rotate, shear }: Augment): Affine {
  const angle = (random.uniform(-rotate, rotate) * Math.PI) / 180;
  const slope = Math.tan((random.uniform(-shear, shear) * Math.PI) / 180);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [cos, cos * slope - sin, 0, sin, sin * slope + cos, 0];
}

/** The map that applies the given ones from first to last. */
function chain(...maps: Affine[]): Affine {
  return maps.reduce(composeAffine);
}

function scaling(x: number, y: number): Affine {
  return [x, 0, 0, 0, y, 0];
}

function translation(x: number, y: number): Affine {
  return [1, 0, x, 0, 1, y];
}

function logUniform(random: Random, low: number, high: number): number {
  return Math.exp(random.uniform(Math.log(low), Math.log(high)));
}

function whole({ width, height }: PictureSize): Xyxy {
  return [0, 0, width, height];
}
