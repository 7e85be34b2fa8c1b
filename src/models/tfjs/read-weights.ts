import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FoveaError, messageOf, type Tensor } from "../../core/index.ts";
import { decodeWeights, type WeightEntry } from "./weights.ts";

/** Tensors whose values lie in some files, one after the other. */
export interface WeightGroup {
  paths: string[];
  weights: WeightEntry[];
}

/**
 * The tensors of all groups of a manifest by name, read from the files in its folder.
 * @throws FoveaError `weights-missing`, `weights-truncated`, `model-unreadable`
 */
export async function readWeights(
  folder: string,
  groups: readonly WeightGroup[],
): Promise<Map<string, Tensor>> {
  const tensors = new Map<string, Tensor>();
  for (const { paths, weights } of groups) {
    const bytes = Buffer.concat(await Promise.all(paths.map((name) => readPart(join(folder, name)))));
    for (const [name, value] of decodeWeights(weights, bytes, paths[0])) tensors.set(name, value);
  }
  return tensors;
}

function readPart(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new FoveaError(
      "weights-missing",
      `Weights \`${file}\` cannot be opened (${messageOf(cause)}): they belong beside the model's JSON file.`,
      { cause },
    );
  });
}
