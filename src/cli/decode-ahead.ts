import { FoveaError } from "../core/index.ts";
import { decodePicture, type Picture } from "../image/index.ts";

/** A file's picture, or why there is none. */
export type DecodedFile =
  | { file: string; picture: Picture; error?: undefined }
  | { file: string; picture?: undefined; error: FoveaError };

/** Decodes files in order, each while the one before is being worked on. */
export async function* decodeAhead(files: readonly string[]): AsyncGenerator<DecodedFile> {
  let next: Promise<DecodedFile> | undefined;
  for (const [index, file] of files.entries()) {
    const current = next ?? decode(file);
    next = index + 1 < files.length ? decode(files[index + 1]) : undefined;
    yield await current;
  }
}

async function decode(file: string): Promise<DecodedFile> {
  try {
    return { file, picture: await decodePicture(file) };
  } catch (error) {
    if (error instanceof FoveaError) return { file, error };
    const cause = { cause: error };
    return {
      file,
      error: new FoveaError("picture-unreadable", `Picture \`${file}\` cannot be decoded.`, cause),
    };
  }
}
