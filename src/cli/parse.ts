import { InvalidArgumentError } from "commander";

/** Width and height in pixels. */
export interface Size {
  width: number;
  height: number;
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };
const LARGEST_SIDE = 16_384;

/**
 * A duration such as `90s`, `30m`, `1h` or `1h30m`.
 *
 * @returns Milliseconds, > 0.
 */
export function parseDuration(text: string): number {
  const part = /(\d+(?:\.\d+)?)(ms|min|m|s|h)/g;
  const parts = [...text.matchAll(part)];
  const milliseconds = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNIT_MS[unit], 0);
  const isWhole = parts.map(([match]) => match).join("") === text;
  if (!isWhole || !(milliseconds > 0)) {
    throw new InvalidArgumentError("Expected a duration such as 90s, 30m or 1h30m.");
  }
  return milliseconds;
}

/** A size such as `320x256` (width × height) or `320` (both sides), in pixels. */
export function parseSize(text: string): Size {
  const match = /^(\d+)(?:[x×](\d+))?$/.exec(text);
  const width = Number(match?.[1]);
  const height = Number(match?.[2] ?? match?.[1]);
  const isSide = (side: number): boolean => side >= 1 && side <= LARGEST_SIDE;
  if (!isSide(width) || !isSide(height)) {
    throw new InvalidArgumentError(
      `Expected WIDTHxHEIGHT such as 320x256, or one side such as 320, of 1 to ${LARGEST_SIDE} pixels.`,
    );
  }
  return { width, height };
}

/** Sides of drawn scenes, in pixels. */
const SCENE_SIDES = { least: 64, most: 8192 };

/** The size of drawn scenes, in pixels. */
export function parseSceneSize(text: string): Size {
  const size = parseSize(text);
  const { least, most } = SCENE_SIDES;
  if (Object.values(size).every((side) => side >= least && side <= most)) return size;
  throw new InvalidArgumentError(`Expected sides of ${least} to ${most} pixels, such as 320x256.`);
}

/** The least common multiple of the strides of the nets: sides of their input are multiples of it. */
const INPUT_STRIDE = 32;

/**
 * Size of a net's input: one number for the longer side, the other following from the pictures, or
 * WIDTHxHEIGHT.
 */
export function parseInputSize(text: string): number | Size {
  const size = parseSize(text);
  if (size.width % INPUT_STRIDE !== 0 || size.height % INPUT_STRIDE !== 0) {
    throw new InvalidArgumentError(`Expected multiples of ${INPUT_STRIDE}, such as 320 or 320x256.`);
  }
  return /^\d+$/.test(text) ? size.width : size;
}

/** A parser of whole numbers in [min, max]. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[+-]?\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`Expected a whole number ${rangeText(min, max)}.`);
    }
    return value;
  };
}

/** A parser of finite numbers in [min, max]. */
export function number(min: number, max: number = Number.MAX_VALUE): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < min || value > max) {
      throw new InvalidArgumentError(`Expected a number ${rangeText(min, max)}.`);
    }
    return value;
  };
}

function rangeText(min: number, max: number): string {
  return max >= Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
}

/** A path that names something: refuses an empty one, and an option that took its place (`--out --json`). */
export function parsePath(text: string): string {
  if (text === "" || text.startsWith("--")) throw new InvalidArgumentError("Expected a path.");
  return text;
}
