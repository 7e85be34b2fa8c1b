import { type FileHandle, open } from "node:fs/promises";
import { FoveaError, messageOf } from "../../core/index.ts";
import {
  BLOCK,
  hasRightSum,
  linkOf,
  nameOf,
  numberAt,
  paxFields,
  sparseMap,
  sparseSize,
  type TarExtension,
  textOf,
} from "./tar-header.ts";

/** A regular file in a tar file. */
export interface TarEntry {
  /** Path in the archive, with `/`. */
  path: string;
  /** First byte of its content in the tar file. */
  offset: number;
  /** Bytes of its content. */
  length: number;
}

/** An entry that is no folder and has no content that lies in one piece in the tar file. */
export interface LeftOutEntry {
  path: string;
  /** What it is, for a sentence: "a symbolic link to `a.jpg`". */
  what: string;
}

/** What entries of other types are. */
const KINDS: Readonly<Record<string, string>> = {
  "2": "a symbolic link",
  "3": "a device",
  "4": "a device",
  "6": "a pipe",
  M: "the rest of a file that begins in another archive",
};

const FOLDERS: readonly string[] = ["5", "D"];
/** Headers that are about the archive, or about extensions that are unknown here. */
const REMARKS: readonly string[] = ["g", "V", "N", "X"];

/**
 * Where the files of a tar file lie, from its headers alone (POSIX ustar and pax, GNU long names); their contents
 * are read later and one by one, so that an archive may be larger than memory. A hard link is a second name of the file
 * before it; what else is no regular file is left out; of files with the same path the last one counts, as when unpacking.
 *
 * @param onLeftOut hears of what is left out, folders excepted
 * @throws `tar-missing`, `tar-unreadable`
 */
export async function indexTar(path: string, onLeftOut?: (entry: LeftOutEntry) => void): Promise<TarEntry[]> {
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
    const entries = new Map<string, TarEntry>();
    for await (const header of headersOf(file, path, stats.size)) {
      const entry = entryOf(header, entries);
      if (entry && "what" in entry) onLeftOut?.(entry);
      else if (entry) entries.set(entry.path, entry);
    }
    return [...entries.values()];
  } finally {
    await file.close();
  }
}

/** An entry as its headers describe it. */
interface TarHeader extends TarEntry {
  type: string;
  link: string;
  /** Of a sparse file, whether it has holes or a map in its content. */
  hasHoles: boolean;
}

/** The entries of an archive one after the other. */
async function* headersOf(file: FileHandle, path: string, size: number): AsyncGenerator<TarHeader> {
  const read = async (position: number, length: number) => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, position);
    if (bytesRead < length) throw unreadable(path, `it ends at byte ${position + bytesRead}`);
    return buffer;
  };
  let named: TarExtension = {};
  let wasZero = false;
  for (let at = 0; at < size; ) {
    const header = await read(at, BLOCK);
    const isZero = header.every((byte) => byte === 0);
    if (isZero && wasZero) return; // two of them are the end
    wasZero = isZero;
    if (isZero) {
      at += BLOCK;
      continue;
    }
    if (!hasRightSum(header)) throw unreadable(path, `byte ${at} begins no tar header`);
    const type = String.fromCharCode(header[156] || 0x30);
    const name = named.path ?? nameOf(header);
    const stored = named.length ?? numberAt(header, 124, 12);
    if (!(stored >= 0)) throw unreadable(path, `\`${name}\` has no valid size`);
    let offset = at + BLOCK;
    let hasHoles = named.isSparse ?? false;
    if (type === "S") {
      const map = sparseMap(header, true);
      for (let goesOn = map.goesOn; goesOn; offset += BLOCK) {
        const more = sparseMap(await read(offset, BLOCK), false);
        for (const piece of more.pieces) map.pieces.push(piece);
        goesOn = more.goesOn;
      }
      const whole = map.pieces.reduce(
        (next, piece) => (piece.at === next ? next + piece.length : Number.NaN),
        0,
      );
      hasHoles = whole !== sparseSize(header) || whole !== stored;
    }
    const end = offset + Math.ceil(stored / BLOCK) * BLOCK;
    if (end > size) throw unreadable(path, `it ends within \`${name}\``);
    if (type === "L") named.path = textOf(await read(offset, stored));
    else if (type === "K") named.link = textOf(await read(offset, stored));
    else if (type === "x") named = { ...named, ...paxFields(await read(offset, stored)) };
    else {
      yield { path: name, offset, length: stored, type, link: named.link ?? linkOf(header), hasHoles };
      named = {};
    }
    at = end;
  }
}

/** What an entry is: a file's place, or something that has none; undefined for folders and remarks. */
function entryOf(
  { path, offset, length, type, link, hasHoles }: TarHeader,
  entries: ReadonlyMap<string, TarEntry>,
): TarEntry | LeftOutEntry | undefined {
  // Before POSIX, a folder was known by the slash at its end only.
  if (FOLDERS.includes(type) || path.endsWith("/") || REMARKS.includes(type)) return undefined;
  if (hasHoles) return { path, what: "a file with holes, which do not lie in the archive" };
  if (type === "0" || type === "7" || type === "S") return { path, offset, length };
  if (type === "2") return { path, what: `${KINDS[type]} to \`${link}\`` };
  if (type !== "1") return { path, what: KINDS[type] ?? `of the unknown type "${type}"` };
  const target = entries.get(link) ?? entries.get(`./${link}`) ?? entries.get(link.replace(/^\.\//, ""));
  return target
    ? { ...target, path }
    : { path, what: `a second name of \`${link}\`, which the archive lacks` };
}

function unreadable(path: string, reason: string): FoveaError {
  return new FoveaError(
    "tar-unreadable",
    `Archive \`${path}\` is damaged or not a plain tar file: ${reason}. Unpack a compressed one first, or copy it again.`,
  );
}
