import type { FileFormat } from "./file-format.ts";
import { findTiffDirectory } from "./tiff-directory.ts";

/**
 * Whether a file that could not be decoded was cut off, rather than damaged in another way: either the
 * decoder says so, or the file ends before the length that its own structure announces.
 *
 * @param reason the decoder's message
 */
export function isTruncated(bytes: Uint8Array, format: FileFormat, reason: string): boolean {
  if (/premature end|unexpected end|bad seek/i.test(reason)) return true;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (format) {
    case "jpeg":
      return !hasJpegEnd(bytes);
    case "png":
      return !hasPngEnd(view);
    case "webp":
      return view.byteLength < 12 || view.getUint32(4, true) + 8 > view.byteLength;
    case "tiff":
      return findTiffDirectory(view) === undefined;
    default:
      return false;
  }
}

/** Whether the end-of-image marker FF D9 occurs at all. */
function hasJpegEnd(bytes: Uint8Array): boolean {
  for (let i = bytes.byteLength - 2; i >= 0; i--) {
    if (bytes[i] === 0xff && bytes[i + 1] === 0xd9) return true;
  }
  return false;
}

/** Whether the chain of chunks (length, type, data, checksum) reaches an IEND chunk. */
function hasPngEnd(view: DataView): boolean {
  const IEND = 0x49454e44;
  for (let offset = 8; offset + 12 <= view.byteLength; offset += 12 + view.getUint32(offset)) {
    if (view.getUint32(offset + 4) === IEND) return true;
  }
  return false;
}
