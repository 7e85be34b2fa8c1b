import { FoveaError } from "../core/index.ts";

/** What the header of a PGM or PPM file says. */
export interface PnmHeader {
  width: number;
  height: number;
  /** 1 for PGM (P5), 3 for PPM (P6). */
  channels: 1 | 3;
  /** The sample value that means full intensity, 1 to 65535; above 255 a sample takes two bytes. */
  maxValue: number;
  /** Where the samples begin, in bytes. */
  dataOffset: number;
}

/** Most pixels of a picture: libvips' limit for other formats, 16383². */
const MOST_PIXELS = 0x3fff ** 2;

/** How many bytes a header is looked for in; comments may make it long. */
export const PNM_HEADER_LIMIT = 65536;

/**
 * Reads the header of a binary PGM or PPM file: magic, width, height and maximum, separated by white space
 * and comments, then a single white-space byte (the Netpbm manual's `pgm(5)` and `ppm(5)`).
 *
 * @param name how the error message calls the file
 * @throws `picture-unreadable`, `picture-too-large`
 */
export function readPnmHeader(bytes: Uint8Array, name: string): PnmHeader {
  const text = String.fromCharCode(...bytes.subarray(0, 2));
  if (text !== "P5" && text !== "P6") {
    throw new FoveaError(
      "picture-unreadable",
      `Picture ${name} is a Netpbm file of kind ${text}, but only P5 (binary PGM) and P6 (binary PPM) are read: convert it to PNG.`,
    );
  }
  const cursor = { offset: 2 };
  const width = readNumber(bytes, cursor);
  const height = readNumber(bytes, cursor);
  const maxValue = readNumber(bytes, cursor);
  if (!(width >= 1) || !(height >= 1) || !(maxValue >= 1 && maxValue <= 65535)) {
    throw new FoveaError(
      "picture-unreadable",
      `Picture ${name} has a broken ${text} header (width ${width}, height ${height}, maximum ${maxValue}): convert it to PNG or delete it.`,
    );
  }
  if (width * height > MOST_PIXELS) {
    throw new FoveaError(
      "picture-too-large",
      `Picture ${name} has more than 268 million pixels (${width}×${height}): shrink it first.`,
    );
  }
  return { width, height, channels: text === "P5" ? 1 : 3, maxValue, dataOffset: cursor.offset + 1 };
}

/**
 * The samples scaled from 0..maxValue to 0..255, rounded: `height × width × channels` bytes.
 *
 * @throws `picture-truncated`
 */
export function readPnmSamples(bytes: Uint8Array, header: PnmHeader, name: string): Uint8Array {
  const { width, height, channels, maxValue, dataOffset } = header;
  const count = width * height * channels;
  const sampleBytes = maxValue > 255 ? 2 : 1;
  if (bytes.byteLength - dataOffset < count * sampleBytes) {
    throw new FoveaError(
      "picture-truncated",
      `Picture ${name} is truncated (${bytes.byteLength} of ${dataOffset + count * sampleBytes} bytes): copy it again or delete it.`,
    );
  }
  if (maxValue === 255) return bytes.slice(dataOffset, dataOffset + count);
  const samples = new Uint8Array(count);
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataOffset, count * sampleBytes);
  for (let i = 0; i < count; i++) {
    const sample = sampleBytes === 2 ? view.getUint16(2 * i) : view.getUint8(i);
    samples[i] = Math.round((Math.min(sample, maxValue) * 255) / maxValue);
  }
  return samples;
}

const SPACES = new Set([9, 10, 11, 12, 13, 32]);
const COMMENT = 35; // #
const LINE_ENDS = new Set([10, 13]);

/** The next decimal number after white space and comments; NaN where there is none. */
function readNumber(bytes: Uint8Array, cursor: { offset: number }): number {
  while (SPACES.has(bytes[cursor.offset]) || bytes[cursor.offset] === COMMENT) {
    if (bytes[cursor.offset] === COMMENT) {
      while (cursor.offset < bytes.byteLength && !LINE_ENDS.has(bytes[cursor.offset])) cursor.offset++;
    } else {
      cursor.offset++;
    }
  }
  let digits = "";
  while (bytes[cursor.offset] >= 48 && bytes[cursor.offset] <= 57) {
    digits += String.fromCharCode(bytes[cursor.offset++]);
  }
  return digits === "" ? Number.NaN : Number(digits);
}
