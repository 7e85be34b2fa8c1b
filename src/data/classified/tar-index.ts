import { open } from "node:fs/promises";
import { FoveaError, messageOf } from "../../core/index.ts";

/** A regular file in a tar file. */
export interface TarEntry {
  /** Path in the archive, with `/`. */
  path: string;
  /** First byte of its content in the tar file. */
  offset: number;
  /** Bytes of its content. */
  length: number;
}

const BLOCK = 512;

/**
 * Where the files of a tar file lie, from its headers alone (POSIX ustar and pax, GNU long names); their contents
 * are read later and one by one, so that an archive may be larger than memory. What is no regular file is left out;
 * of files with the same path the last one counts, as when unpacking.
 *
 * @throws `tar-missing`, `tar-unreadable`
 */
export async function indexTar(path: string): Promise<TarEntry[]> {
  const file = await open(path).catch((cause: unknown) => {
    throw new FoveaError(
      "tar-missing",
      `Archive \`${path}\` cannot be opened (${messageOf(cause)}): check the path.`,
      {
        cause,
      },
    );
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw unreadable(path, "it is no file");
    const { size } = stats;
    const read = async (position: number, length: number) => {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, position);
      if (bytesRead < length) throw unreadable(path, `it ends at byte ${position + bytesRead}`);
      return buffer;
    };
    const entries = new Map<string, TarEntry>();
    let named: { path?: string; length?: number } = {};
    for (let at = 0; at < size; ) {
      const header = await read(at, BLOCK);
      if (header.every((byte) => byte === 0)) break;
      if (!hasRightSum(header)) throw unreadable(path, `byte ${at} begins no tar header`);
      const stated = numberAt(header, 124, 12);
      const length = named.length ?? stated;
      const offset = at + BLOCK;
      const end = offset + Math.ceil(length / BLOCK) * BLOCK;
      const type = String.fromCharCode(header[156] || 0x30);
      const name = named.path ?? nameOf(header);
      if (!(length >= 0)) throw unreadable(path, `\`${name}\` has no valid size`);
      if (end > size) throw unreadable(path, `it ends within \`${name}\``);
      if (type === "L") {
        named.path = textOf(await read(offset, length));
      } else if (type === "x") {
        named = { ...named, ...paxFields(await read(offset, length)) };
      } else {
        // Before POSIX, a folder was known by the slash at its end only.
        const isFile = (type === "0" || type === "7") && !name.endsWith("/");
        if (isFile) entries.set(name, { path: name, offset, length });
        named = {};
      }
      at = end;
    }
    return [...entries.values()];
  } finally {
    await file.close();
  }
}

function unreadable(path: string, reason: string): FoveaError {
  return new FoveaError(
    "tar-unreadable",
    `Archive \`${path}\` is damaged or not a plain tar file: ${reason}. Unpack a compressed one first, or copy it again.`,
  );
}

/** The header's sum of bytes, its own field counted as blanks. */
function hasRightSum(header: Uint8Array): boolean {
  const stated = numberAt(header, 148, 8);
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0) === stated;
}

/** An octal number, or a binary one marked by its highest bit (GNU, for 8 GB and more). */
function numberAt(header: Uint8Array, offset: number, length: number): number {
  const field = header.subarray(offset, offset + length);
  if (field[0] & 0x80) return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
  return Number.parseInt(textOf(field).trim() || "0", 8);
}

function nameOf(header: Uint8Array): string {
  const name = textOf(header.subarray(0, 100));
  const isPosix = textOf(header.subarray(257, 262)) === "ustar" && header[262] === 0;
  const prefix = isPosix ? textOf(header.subarray(345, 500)) : "";
  return prefix ? `${prefix}/${name}` : name;
}

/** Text up to the first zero byte. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Records `length key=value\n` of an extended header. */
function paxFields(bytes: Uint8Array): { path?: string; length?: number } {
  const fields: { path?: string; length?: number } = {};
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at);
    const size = Number.parseInt(new TextDecoder().decode(bytes.subarray(at, blank)), 10);
    if (blank < 0 || !(size > 0)) break;
    const record = new TextDecoder().decode(bytes.subarray(blank + 1, at + size - 1));
    const equals = record.indexOf("=");
    if (record.slice(0, equals) === "path") fields.path = record.slice(equals + 1);
    if (record.slice(0, equals) === "size") fields.length = Number(record.slice(equals + 1));
    at += size;
  }
  return fields;
}
