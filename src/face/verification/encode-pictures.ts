import { FoveaError } from "../../core/index.ts";
import type { Xyxy } from "../../geometry/index.ts";
import { decodePicture, type Picture } from "../../image/index.ts";
import type { EncoderModel } from "../encoder-model.ts";
import type { Look, MainFace } from "./main-face-encoder.ts";

/** What encodes the face of a picture; `MainFaceEncoder` is one. */
export interface PictureEncoder {
  readonly model: EncoderModel;
  readonly mirror: boolean;
  encode(picture: Picture): Promise<MainFace | undefined>;
}

/** The face of a picture file. */
export interface EncodedPicture {
  path: string;
  /** Corners of the face in pixels, its encoding and how it was found; none where there is no face. */
  box?: Xyxy;
  encoding?: Float32Array;
  look?: Look;
  /** Why the picture could not be read, where that is the reason. */
  problem?: FoveaError;
}

/** How to encode many pictures. */
export interface EncodePicturesOptions {
  onProgress?: (done: number, total: number, path: string) => void;
  /** Ends the work after the picture that is being looked at. */
  signal?: AbortSignal;
}

/**
 * Encodes the main face of each picture file, every file once, reading the next one meanwhile.
 *
 * @returns by path; pictures that cannot be read say why
 * @throws the signal's reason when it aborts
 */
export async function encodePictures(
  encoder: PictureEncoder,
  paths: readonly string[],
  { onProgress, signal }: EncodePicturesOptions = {},
): Promise<Map<string, EncodedPicture>> {
  const files = [...new Set(paths)];
  const encoded = new Map<string, EncodedPicture>();
  let next = files.length > 0 ? readPicture(files[0]) : undefined;
  for (const [i, path] of files.entries()) {
    const picture = await next!;
    signal?.throwIfAborted();
    next = i + 1 < files.length ? readPicture(files[i + 1]) : undefined;
    encoded.set(path, await encodeOne(encoder, path, picture));
    onProgress?.(i + 1, files.length, path);
  }
  return encoded;
}

async function encodeOne(
  encoder: PictureEncoder,
  path: string,
  picture: Picture | FoveaError,
): Promise<EncodedPicture> {
  if (picture instanceof FoveaError) return { path, problem: picture };
  const face = await encoder.encode(picture);
  return face ? { path, box: face.box, encoding: face.encoding, look: face.look } : { path };
}

/** A picture, or why it cannot be read. */
async function readPicture(path: string): Promise<Picture | FoveaError> {
  try {
    return await decodePicture(path);
  } catch (error) {
    if (error instanceof FoveaError) return error;
    return new FoveaError("picture-unreadable", `Picture \`${path}\` cannot be decoded.`, { cause: error });
  }
}
