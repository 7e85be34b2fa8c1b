import { constants } from "node:buffer";
import { promisify } from "node:util";
import { createGunzip, gunzip } from "node:zlib";
import { messageOf } from "../../core/index.ts";
import { unreadable } from "./dataset-errors.ts";
import { NIFTI_HEAD, niftiLength } from "./nifti.ts";

/** Bytes behind the last voxel that are nothing to complain of: files are filled up to whole blocks. */
const SLACK = 65_536;

const unpack = promisify(gunzip);

/**
 * The bytes of a packed NIfTI file: not more than its header says that it has, because a small file may be packed from
 * gigabytes of zeros.
 *
 * @throws FoveaError `dataset-unreadable`
 */
export async function unpackNifti(packed: Uint8Array, name: string): Promise<Uint8Array> {
  try {
    const length = niftiLength(await unpackHead(packed), name);
    return await unpack(packed, {
      maxOutputLength: Math.min(Math.ceil(length) + SLACK, constants.MAX_LENGTH),
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "dataset-unreadable") throw error;
    if (code === "ERR_BUFFER_TOO_LARGE") {
      const reason = "it unpacks to more bytes than its header says that it has; save it again";
      throw unreadable(name, reason, error);
    }
    throw unreadable(name, `it is no gzip file or is truncated (${messageOf(error)}); copy it again`, error);
  }
}

/** The first bytes, without unpacking the others. */
async function unpackHead(packed: Uint8Array): Promise<Uint8Array> {
  const stream = createGunzip({ chunkSize: 1024 });
  stream.end(packed);
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stream) {
    pieces.push(piece);
    length += piece.length;
    if (length >= NIFTI_HEAD) break;
  }
  return Buffer.concat(pieces);
}
