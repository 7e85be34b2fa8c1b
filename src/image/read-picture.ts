import { decodePicture } from "./decode.ts";
import type { Picture } from "./picture.ts";
import type { PictureSource } from "./picture-file.ts";
import { requirePicture } from "./require-picture.ts";

/**
 * The picture of a file or its bytes; one that is decoded already is returned as it is.
 *
 * @throws FoveaError `picture-size` for a decoded one whose data is not RGB; what {@link decodePicture} throws
 */
export async function readPicture(source: PictureSource | Picture): Promise<Picture> {
  if (typeof source === "string" || source instanceof Uint8Array) return decodePicture(source);
  requirePicture(source);
  return source;
}
