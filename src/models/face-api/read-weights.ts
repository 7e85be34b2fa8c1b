import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FoveaError, messageOf, type Tensor } from "../../core/index.ts";
import { decodeWeights, readWeights, type WeightEntry } from "../tfjs/index.ts";

/**
 * The weights that a manifest of `@vladmandic/face-api` (`…-weights_manifest.json`) lists, by name.
 * @throws FoveaError `model-missing`, `model-unreadable`, `weights-missing`, `weights-truncated`
 */
export async function readFaceApiWeights(manifest: string): Promise<Map<string, Tensor>> {
  const text = await readFile(manifest, "utf8").catch((cause: unknown) => {
    throw new FoveaError("model-missing", `Weights \`${manifest}\` cannot be opened (${messageOf(cause)}).`, {
      cause,
    });
  });
  const weights = new Map<string, Tensor>();
  for (const { paths, weights: entries } of parse(text, manifest)) {
    const bytes = await readWeights(paths.map((name) => join(dirname(manifest), name)));
    for (const [name, value] of decodeWeights(entries, bytes, paths[0])) weights.set(name, value);
  }
  return weights;
}

function parse(text: string, manifest: string): { paths: string[]; weights: WeightEntry[] }[] {
  try {
    const groups = JSON.parse(text) as { paths: string[]; weights: WeightEntry[] }[];
    if (Array.isArray(groups) && groups.every(({ paths, weights }) => paths && weights)) return groups;
  } catch (cause) {
    throw new FoveaError("model-unreadable", `Weights \`${manifest}\` are no JSON (${messageOf(cause)}).`, {
      cause,
    });
  }
  throw new FoveaError("model-unreadable", `Weights \`${manifest}\` list no files and tensors.`);
}
