/** Where a TIFF's first directory stands: what it says of the first page. */
export interface TiffDirectory {
  /** Where the first entry begins, in bytes. */
  offset: number;
  /** Number of entries. */
  count: number;
  /** Bytes of an entry: 12, or 20 in a BigTIFF. */
  entryLength: number;
  littleEndian: boolean;
}

const LITTLE_ENDIAN_MARK = 0x49; // "I"
const BIG = 43;

/** The first directory of a TIFF or BigTIFF; undefined where it does not lie inside the file. */
export function findTiffDirectory(view: DataView): TiffDirectory | undefined {
  const littleEndian = view.byteLength > 0 && view.getUint8(0) === LITTLE_ENDIAN_MARK;
  const length = view.byteLength;
  if (length < 16) return undefined;
  const big = view.getUint16(2, littleEndian) === BIG;
  const start = big ? Number(view.getBigUint64(8, littleEndian)) : view.getUint32(4, littleEndian);
  const offset = start + (big ? 8 : 2);
  if (offset > length) return undefined;
  const count = big ? Number(view.getBigUint64(start, littleEndian)) : view.getUint16(start, littleEndian);
  const entryLength = big ? 20 : 12;
  return offset + count * entryLength > length ? undefined : { offset, count, entryLength, littleEndian };
}

/** The first of a tag's numbers of 16 bits; undefined where there is none. */
export function readTiffShort(view: DataView, tag: number): number | undefined {
  const directory = findTiffDirectory(view);
  if (!directory) return undefined;
  const { offset, count, entryLength, littleEndian } = directory;
  for (let i = 0; i < count; i++) {
    const entry = offset + i * entryLength;
    if (view.getUint16(entry, littleEndian) !== tag) continue;
    // Tag, type, number of values, then the values or where they are: 4 bytes each, 8 in a BigTIFF.
    const wide = entryLength === 20;
    const values = wide
      ? Number(view.getBigUint64(entry + 4, littleEndian))
      : view.getUint32(entry + 4, littleEndian);
    const inside = entry + (wide ? 12 : 8);
    if (2 * values <= (wide ? 8 : 4)) return view.getUint16(inside, littleEndian);
    const place = wide
      ? Number(view.getBigUint64(inside, littleEndian))
      : view.getUint32(inside, littleEndian);
    return place + 2 <= view.byteLength ? view.getUint16(place, littleEndian) : undefined;
  }
  return undefined;
}
