import { open } from "node:fs/promises";
import { FoveaError, messageOf } from "../core/index.ts";
import type { ClassifiedPicture, PictureBytes } from "./classified/index.ts";

/**
 * What the decoder takes for a picture: its path, or its bytes from the tar file.
 * @throws `picture-missing` where the tar file is gone or shorter than it was
 */
export async function readPictureBytes(bytes: PictureBytes): Promise<string | Uint8Array> {
  const { file, offset, length } = bytes;
  if (offset === undefined || length === undefined) return file;
  const handle = await open(file).catch((cause: unknown) => {
    throw new FoveaError("picture-missing", `Archive \`${file}\` cannot be opened (${messageOf(cause)}).`, {
      cause,
    });
  });
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, offset);
    if (bytesRead === length) return buffer;
    throw new FoveaError(
      "picture-missing",
      `Archive \`${file}\` ends before byte ${offset + length}: copy it again.`,
    );
  } finally {
    await handle.close();
  }
}

/** Where a picture lies, for messages: its file, or its name in the archive. */
export function placeOf({ id, bytes }: Pick<ClassifiedPicture, "id" | "bytes">): string {
  return bytes.offset === undefined ? bytes.file : `${bytes.file}/${id}`;
}
