import { unzipSync } from "fflate";
import { messageOf } from "../../core/index.ts";
import { unreadable } from "./dataset-errors.ts";
import { type NpyArray, parseNpy, parseNpyHeader } from "./npy.ts";

const SUFFIX = ".npy";

/** An `.npz` file: arrays by name, each unpacked when it is asked for. */
export interface Npz {
  /** The arrays' names. */
  names: string[];
  /** Unpacks an array, of whose elements nothing is read yet. @throws FoveaError `dataset-unreadable` */
  unpack(name: string): UnreadArray;
  /** Unpacks and reads an array. @throws FoveaError `dataset-unreadable` */
  read(name: string): NpyArray;
}

/** An array of elements of any type, also of one that cannot be read. */
export interface UnreadArray {
  shape: readonly number[];
  /** @throws FoveaError `dataset-unreadable` */
  read(): NpyArray;
}

/**
 * Opens an `.npz` file (`numpy.savez`, `numpy.savez_compressed`).
 *
 * @param bytes the whole file
 * @throws FoveaError `dataset-unreadable`
 */
export function openNpz(bytes: Uint8Array, path: string): Npz {
  const names: string[] = [];
  unzip(bytes, path, (entry) => {
    if (entry.endsWith(SUFFIX)) names.push(entry.slice(0, -SUFFIX.length));
    return false;
  });
  const unpack = (name: string): UnreadArray => {
    const file = unzip(bytes, path, (entry) => entry === name + SUFFIX)[name + SUFFIX];
    const called = `${path}:${name}`;
    return { shape: parseNpyHeader(file, called).shape, read: () => parseNpy(file, called) };
  };
  return { names, unpack, read: (name) => unpack(name).read() };
}

function unzip(
  bytes: Uint8Array,
  path: string,
  wanted: (entry: string) => boolean,
): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter: ({ name }) => wanted(name) });
  } catch (error) {
    const reason = `it is no .npz file or is truncated (${messageOf(error)}); save it with \`numpy.savez\` or copy it again`;
    throw unreadable(path, reason, error);
  }
}
