import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { EncoderModel } from "../src/face/index.ts";
import { type EncodedPicture, encodePictures, type Look, MainFaceEncoder } from "../src/face/index.ts";

/** A line of the cache. */
interface Kept {
  picture: string;
  digest: string;
  look?: Look;
  encoding?: number[];
}

/** How to encode a folder of people. */
export interface EncodePeopleOptions {
  /** The folder that pictures are named from. */
  root: string;
  /** Folder of what was encoded before, a file for each way to do it. */
  cache: string;
  mirror: boolean;
  threads: number;
}

/** Encodes the pictures that the cache does not hold, and keeps them there. */
export async function encodePeople(
  paths: readonly string[],
  { root, cache, mirror, threads }: EncodePeopleOptions,
): Promise<{ model: EncoderModel; encoded: Map<string, EncodedPicture> }> {
  const encoder = await MainFaceEncoder.load({ mirror, threads });
  const file = join(cache, `${mirror ? "mirrored" : "plain"}.jsonl`);
  await mkdir(cache, { recursive: true });
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  const known = new Map<string, EncodedPicture>();
  for (const line of lines) {
    const { picture, digest, look, encoding } = JSON.parse(line) as Kept;
    if (digest !== encoder.model.digest) continue;
    const path = join(root, picture);
    known.set(path, { path, look, encoding: encoding && Float32Array.from(encoding) });
  }
  for (const path of paths.filter((one) => !known.has(one))) {
    const { look, encoding } = (await encodePictures(encoder, [path])).get(path)!;
    known.set(path, { path, look, encoding });
    const picture = relative(root, path);
    const { digest } = encoder.model;
    const kept: Kept = { picture, digest, look, encoding: encoding && Array.from(encoding) };
    await appendFile(file, `${JSON.stringify(kept)}\n`);
    if (known.size % 50 === 0) console.log(`${known.size} of ${paths.length}`);
  }
  await encoder.close();
  return { model: encoder.model, encoded: known };
}
