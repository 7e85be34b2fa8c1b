import type { Planes } from "./colour-spaces.ts";
import { derivatives } from "./gaussian.ts";

/** Bins of each direction's histogram, and directions: Uijlings et al. 2013, §3.2. */
export const TEXTURE_BINS = 10;
const AXES = 4;
/** Numbers of a channel's texture: eight directions. */
export const TEXTURE_SIZE: number = 2 * AXES * TEXTURE_BINS;

const TEXTURE_SIGMA = 1;

/** Differences below this, in 256ths of full scale, are no texture but rounding. */
const LEAST_CONTRAST = 1e-3;

/**
 * Codes of Gaussian derivatives in 8 directions, `[channels × 4][pixels]`. A derivative is positive in one direction
 * and negative in the opposite one, so one code serves two: 0 to 9 are bins of the one, 10 to 19 of the other.
 * A channel's largest derivative fills the last bin: contrast differs between pictures and colour spaces.
 */
export function textureCodes(planes: Planes): Uint8Array[] {
  return planes.channels.flatMap((plane) => {
    const [dx, dy] = derivatives(plane, planes, TEXTURE_SIGMA);
    let most = LEAST_CONTRAST;
    for (let i = 0; i < dx.length; i++) most = Math.max(most, dx[i] * dx[i] + dy[i] * dy[i]);
    const scale = TEXTURE_BINS / (Math.sqrt(most) * (1 + 1e-6));
    return Array.from({ length: AXES }, (_, axis) => {
      const angle = (Math.PI * axis) / AXES;
      return encode(dx, dy, scale * Math.cos(angle), scale * Math.sin(angle));
    });
  });
}

function encode(dx: Float32Array, dy: Float32Array, cosine: number, sine: number): Uint8Array {
  const codes = new Uint8Array(dx.length);
  for (let i = 0; i < codes.length; i++) {
    const along = cosine * dx[i] + sine * dy[i];
    codes[i] = along >= 0 ? along : TEXTURE_BINS - along;
  }
  return codes;
}
