import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { FoveaError, messageOf, type Tensor } from "../../core/index.ts";
import { readWeights, type WeightGroup } from "../tfjs/index.ts";

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
  return readWeights(dirname(manifest), parse(text, manifest));
}

function parse(text: string, manifest: string): WeightGroup[] {
  try {
    const groups = JSON.parse(text) as WeightGroup[];
    if (Array.isArray(groups) && groups.every(({ paths, weights }) => paths && weights)) return groups;
  } catch (cause) {
    throw new FoveaError("model-unreadable", `Weights \`${manifest}\` are no JSON (${messageOf(cause)}).`, {
      cause,
    });
  }
  throw new FoveaError("model-unreadable", `Weights \`${manifest}\` list no files and tensors.`);
}
