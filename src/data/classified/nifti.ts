import { isNIFTI2, readHeader } from "nifti-reader-js";
import { messageOf } from "../../core/index.ts";
import { unreadable } from "./dataset-errors.ts";
import { type Elements, type ElementType, readElements } from "./elements.ts";
import type { Volume } from "./volume.ts";

const HEADER_BYTES = { 1: 348, 2: 540 } as const;

/** Bytes from the start of a file that {@link niftiLength} needs, where there are so many. */
export const NIFTI_HEAD: number = HEADER_BYTES[2];

/** NIfTI's numbers of element types. */
const TYPES: Record<number, Pick<ElementType, "kind" | "size">> = {
  2: { kind: "uint", size: 1 },
  4: { kind: "int", size: 2 },
  8: { kind: "int", size: 4 },
  16: { kind: "float", size: 4 },
  64: { kind: "float", size: 8 },
  256: { kind: "int", size: 1 },
  512: { kind: "uint", size: 2 },
  768: { kind: "uint", size: 4 },
  1024: { kind: "int", size: 8 },
  1280: { kind: "uint", size: 8 },
};

/**
 * A volume of a NIfTI file (version 1 or 2, one file, unpacked): depth, height and width are the file's z, y
 * and x, whatever follows (time, vectors) is channels. The file's slope and intercept are applied; its
 * orientation in space is not.
 *
 * @param bytes the whole file
 * @throws FoveaError `dataset-unreadable`
 */
export function parseNifti(bytes: Uint8Array, name: string): Volume {
  const { header, shape, type, begin, end } = layoutOf(bytes, name);
  const { scl_slope: slope, scl_inter: intercept } = header;
  if (bytes.length < end) {
    const reason = `it has ${bytes.length} bytes and needs ${end}, so it is truncated; copy it again`;
    throw unreadable(name, reason);
  }
  const elements = readElements(bytes.subarray(begin, end), { ...type, bigEndian: !header.littleEndian });
  return {
    shape,
    // NIfTI: a slope of 0 means that numbers are stored as they are.
    elements: slope ? scale(elements, slope, intercept || 0) : elements,
  };
}

/**
 * Bytes of a NIfTI file up to its last voxel, by its header.
 *
 * @param head the first {@link NIFTI_HEAD} bytes
 * @throws FoveaError `dataset-unreadable`
 */
export function niftiLength(head: Uint8Array, name: string): number {
  return layoutOf(head, name).end;
}

/** What a header says of the voxels, and where they begin and end in the file. */
function layoutOf(bytes: Uint8Array, name: string) {
  const header = headerOf(bytes, name);
  const { dims, datatypeCode } = header;
  const rank = dims[0];
  const sizes = dims.slice(1, rank + 1);
  if (rank < 3 || rank > 7 || !sizes.every((size) => Number.isSafeInteger(size) && size > 0)) {
    throw unreadable(name, `its size is [${sizes.join(", ")}]; a volume has at least three axes, none empty`);
  }
  const type = TYPES[datatypeCode];
  if (!type) throw unreadable(name, `its element type is NIfTI's ${datatypeCode}; save it as float32`);
  const [width, height, depth, ...others] = sizes;
  const channels = others.reduce((product, size) => product * size, 1);
  const begin = Math.max(header.vox_offset, header.size);
  const end = begin + channels * depth * height * width * type.size;
  return { header, shape: [channels, depth, height, width], type, begin, end };
}

function headerOf(bytes: Uint8Array, name: string) {
  try {
    const head = new Uint8Array(bytes.subarray(0, HEADER_BYTES[2])).buffer;
    const size = HEADER_BYTES[isNIFTI2(head) ? 2 : 1];
    // The header alone, so that no time goes into extensions, which may be damaged.
    return Object.assign(readHeader(head.slice(0, size)), { size });
  } catch (error) {
    throw unreadable(name, `it does not begin as a NIfTI file does (${messageOf(error)})`, error);
  }
}

function scale(elements: Elements, slope: number, intercept: number): Elements {
  if (slope === 1 && intercept === 0) return elements;
  return Float32Array.from<number | bigint>(elements, (element) => Number(element) * slope + intercept);
}
