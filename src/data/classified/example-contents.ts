import { hash } from "node:crypto";
import { stat } from "node:fs/promises";
import { mapParallel } from "../parallel.ts";
import type { ClassifiedArray, ClassifiedPicture } from "./dataset.ts";

/**
 * What is known of each example's content without decoding: of sequences and volumes a hash of their values, which are in
 * memory; of pictures the number of their bytes, 0 where there is no such file.
 */
export function contentsOf(
  examples: readonly (ClassifiedPicture | ClassifiedArray)[],
): Promise<(string | number)[]> {
  return mapParallel<(typeof examples)[number], string | number>(examples, async (example) =>
    "values" in example ? hashOf(example.values) : lengthOf(example),
  );
}

function hashOf({ buffer, byteOffset, byteLength }: Float32Array | Uint8Array): string {
  return hash("sha256", new Uint8Array(buffer, byteOffset, byteLength), "base64");
}

async function lengthOf({ bytes: { file, length } }: ClassifiedPicture): Promise<number> {
  return length ?? (await stat(file).catch(() => undefined))?.size ?? 0;
}
