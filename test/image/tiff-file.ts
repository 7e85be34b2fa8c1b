/** What a TIFF written for a test holds: one pixel's samples, `width × height` times. */
export interface TiffContent {
  /** Of one pixel. */
  samples: readonly number[];
  /** How a sample is kept. */
  type?: "uint8" | "uint16" | "uint32" | "float32" | "float64";
  /** 1 grey, 2 RGB, 5 CMYK. */
  photometric: number;
  /** Tag 338: what the bands beyond the colours are. */
  extraSamples?: readonly number[];
  /** Of sides of 64-bit offsets. */
  big?: boolean;
}

const ARRAYS = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
};
const SHORT = 3;
const LONG = 4;
/** Where values of tags and pixels stand. */
const VALUES = 512;
const PIXELS = 1024;

/** A little-endian TIFF or BigTIFF of 4×4 equal pixels, uncompressed, in one strip. */
export function tiffFile(content: TiffContent): Buffer {
  const { samples, type = "uint8", photometric, extraSamples, big = false } = content;
  const list = Array.from({ length: 16 * samples.length }, (_, i) => samples[i % samples.length]);
  const pixels = Buffer.from(new ARRAYS[type](list).buffer);
  const each = (value: number) => samples.map(() => value);
  const tags: [tag: number, type: number, values: readonly number[]][] = [
    [256, SHORT, [4]], // width
    [257, SHORT, [4]], // height
    [258, SHORT, each(8 * ARRAYS[type].BYTES_PER_ELEMENT)], // bits of a sample
    [259, SHORT, [1]], // no compression
    [262, SHORT, [photometric]],
    [273, LONG, [PIXELS]], // where the strip begins
    [277, SHORT, [samples.length]],
    [278, SHORT, [4]], // rows of the strip
    [279, LONG, [pixels.length]],
    ...(extraSamples ? [[338, SHORT, extraSamples] as [number, number, readonly number[]]] : []),
    [339, SHORT, each(type.startsWith("float") ? 3 : 1)],
  ];
  const file = Buffer.alloc(PIXELS + pixels.length);
  pixels.copy(file, PIXELS);
  const word = (value: number, at: number) =>
    big ? file.writeBigUInt64LE(BigInt(value), at) : file.writeUInt32LE(value, at);
  const put = (values: readonly number[], kind: number, at: number) => {
    for (const [i, value] of values.entries()) {
      if (kind === SHORT) file.writeUInt16LE(value, at + 2 * i);
      else file.writeUInt32LE(value, at + 4 * i);
    }
  };
  file.write("II", 0, "latin1");
  file.writeUInt16LE(big ? 43 : 42, 2);
  const directory = big ? 16 : 8;
  if (big) file.writeUInt16LE(8, 4);
  word(directory, big ? 8 : 4);
  if (big) word(tags.length, directory);
  else file.writeUInt16LE(tags.length, directory);
  let [entry, place] = [directory + (big ? 8 : 2), VALUES];
  for (const [tag, kind, values] of tags) {
    const inside = entry + (big ? 12 : 8);
    file.writeUInt16LE(tag, entry);
    file.writeUInt16LE(kind, entry + 2);
    word(values.length, entry + 4);
    if (values.length * (kind === SHORT ? 2 : 4) <= (big ? 8 : 4)) put(values, kind, inside);
    else {
      word(place, inside);
      put(values, kind, place);
      place += 2 * values.length;
    }
    entry += big ? 20 : 12;
  }
  return file;
}
