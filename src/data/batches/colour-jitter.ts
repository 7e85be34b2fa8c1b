import type { Random } from "../../core/index.ts";
import type { Augment } from "./augment-options.ts";

/** Fraction bits of {@link ColourJitter.mix}. */
export const mixBits = 12;

/** A change of colours: first `tone` on each channel, then `mix` across them; `null` leaves as is. */
export interface ColourJitter {
  /** `[256]` new value of each intensity: brightness and contrast. */
  readonly tone: Uint8Array | null;
  /** `[3, 3]` row-major colour matrix times 2^{@link mixBits}: saturation and hue. Its rows sum to one. */
  readonly mix: Int32Array | null;
}

/** Leaves every colour as it is. */
export const sameColours: ColourJitter = { tone: null, mix: null };

const sameTone = Uint8Array.from({ length: 256 }, (_, value) => value);

/** Draws a change of colours. */
export function drawColourJitter(random: Random, augment: Augment): ColourJitter {
  const brightness = random.uniform(...augment.brightness);
  const contrast = random.uniform(...augment.contrast);
  const hue = random.uniform(-augment.hue, augment.hue);
  const saturation = random.uniform(...augment.saturation);
  const grey = random.chance(augment.grey);
  return {
    tone: toneTable(brightness, contrast),
    mix: colourMatrix(hue, grey ? 0 : saturation),
  };
}

/** Contrast about mid-grey, then brightness. */
function toneTable(brightness: number, contrast: number): Uint8Array | null {
  if (brightness === 1 && contrast === 1) return null;
  const table = new Uint8ClampedArray(256);
  for (let value = 0; value < 256; value++) {
    table[value] = ((value - 127.5) * contrast + 127.5) * brightness;
  }
  return new Uint8Array(table.buffer);
}

/** Luma weights of ITU-R BT.601. */
const luma = [0.299, 0.587, 0.114];

/** A rotation about the grey axis by `hue` degrees, then a stretch away from luma by `saturation`. */
function colourMatrix(hue: number, saturation: number): Int32Array | null {
  if (hue === 0 && saturation === 1) return null;
  const angle = (hue * Math.PI) / 180;
  // Rodrigues' formula about (1, 1, 1) / √3: a circulant matrix of these three numbers.
  const same = (1 + 2 * Math.cos(angle)) / 3;
  const next = (1 - Math.cos(angle)) / 3 - Math.sin(angle) / Math.sqrt(3);
  const last = (1 - Math.cos(angle)) / 3 + Math.sin(angle) / Math.sqrt(3);
  const turn = [same, next, last, last, same, next, next, last, same];
  const mix = new Int32Array(9);
  for (let column = 0; column < 3; column++) {
    const brightness = luma[0] * turn[column] + luma[1] * turn[3 + column] + luma[2] * turn[6 + column];
    for (let row = 0; row < 3; row++) {
      const value = saturation * turn[3 * row + column] + (1 - saturation) * brightness;
      mix[3 * row + column] = Math.round(value * 2 ** mixBits);
    }
  }
  return mix;
}

/**
 * Recolours the pixels from ≤ pixel < to of a planar RGB picture, of which each plane has `plane` bytes, in
 * place.
 */
export function recolour(
  data: Uint8Array,
  from: number,
  to: number,
  plane: number,
  { tone, mix }: ColourJitter,
): void {
  if (mix === null) {
    if (tone !== null) {
      for (let channel = 0; channel < 3; channel++) {
        const end = to + channel * plane;
        for (let at = from + channel * plane; at < end; at++) data[at] = tone[data[at]];
      }
    }
    return;
  }
  const table = tone ?? sameTone;
  const [rr, rg, rb] = [mix[0], mix[1], mix[2]];
  const [gr, gg, gb] = [mix[3], mix[4], mix[5]];
  const [br, bg, bb] = [mix[6], mix[7], mix[8]];
  const half = 1 << (mixBits - 1);
  for (let at = from; at < to; at++) {
    const red = table[data[at]];
    const green = table[data[at + plane]];
    const blue = table[data[at + 2 * plane]];
    const newRed = Math.imul(red, rr) + Math.imul(green, rg) + Math.imul(blue, rb);
    const newGreen = Math.imul(red, gr) + Math.imul(green, gg) + Math.imul(blue, gb);
    const newBlue = Math.imul(red, br) + Math.imul(green, bg) + Math.imul(blue, bb);
    data[at] = clampByte((newRed + half) >> mixBits);
    data[at + plane] = clampByte((newGreen + half) >> mixBits);
    data[at + 2 * plane] = clampByte((newBlue + half) >> mixBits);
  }
}

function clampByte(value: number): number {
  return Math.min(Math.max(value, 0), 255);
}
