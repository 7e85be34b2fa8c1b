/** Bytes of a header, of which all lengths in a tar file are multiples. */
export const BLOCK = 512;

/** What stands before an entry and holds for it: names and sizes that its own header has no room for. */
export interface TarExtension {
  path?: string;
  link?: string;
  length?: number;
  /** Whether it is one of GNU's sparse files in a pax archive, whose content has a map before it, or holes. */
  isSparse?: boolean;
}

/** An octal number, or a binary one marked by its highest bit (GNU, for 8 GB and more). */
export function numberAt(header: Uint8Array, offset: number, length: number): number {
  const field = header.subarray(offset, offset + length);
  if (field[0] & 0x80) return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
  return Number.parseInt(textOf(field).trim() || "0", 8);
}

/** The header's sum of bytes, its own field counted as blanks, is the one that it states. */
export function hasRightSum(header: Uint8Array): boolean {
  const stated = numberAt(header, 148, 8);
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0) === stated;
}

export function nameOf(header: Uint8Array): string {
  const name = textOf(header.subarray(0, 100));
  const isPosix = textOf(header.subarray(257, 262)) === "ustar" && header[262] === 0;
  const prefix = isPosix ? textOf(header.subarray(345, 500)) : "";
  return prefix ? `${prefix}/${name}` : name;
}

/** The file that a link is another name of. */
export function linkOf(header: Uint8Array): string {
  return textOf(header.subarray(157, 257));
}

/** Text up to the first zero byte. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Records `length key=value\n` of an extended header. */
export function paxFields(bytes: Uint8Array): TarExtension {
  const fields: TarExtension = {};
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at);
    const size = Number.parseInt(new TextDecoder().decode(bytes.subarray(at, blank)), 10);
    if (blank < 0 || !(size > 0)) break;
    const record = new TextDecoder().decode(bytes.subarray(blank + 1, at + size - 1));
    const equals = record.indexOf("=");
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1)];
    // The `path` of a sparse file is made up.
    if (key === "path" && !fields.isSparse) fields.path = value;
    if (key === "GNU.sparse.name") fields.path = value;
    if (key === "linkpath") fields.link = value;
    if (key === "size") fields.length = Number(value);
    if (key.startsWith("GNU.sparse.")) fields.isSparse = true;
    at += size;
  }
  return fields;
}

/** The pieces of a GNU sparse file in one block of its map, and whether a further block follows. */
export function sparseMap(
  block: Uint8Array,
  isHeader: boolean,
): { pieces: { at: number; length: number }[]; goesOn: boolean } {
  const [start, count, flag] = isHeader ? [386, 4, 482] : [0, 21, 504];
  const pieces = Array.from({ length: count }, (_, i) => {
    const offset = start + 24 * i;
    return { at: numberAt(block, offset, 12), length: numberAt(block, offset + 12, 12) };
  });
  return { pieces: pieces.filter(({ length }) => length > 0), goesOn: block[flag] !== 0 };
}

/** Size of a GNU sparse file with its holes. */
export function sparseSize(header: Uint8Array): number {
  return numberAt(header, 483, 12);
}
