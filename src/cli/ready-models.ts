import { FoveaError } from "../core/index.ts";
import { openReadyDetector } from "../detect/index.ts";
import { openReadyLivenessNet } from "../face/index.ts";
import { openReadyLandmarker } from "../landmarks/index.ts";
import {
  backbonePath,
  type CachedModel,
  isAddress,
  openReadyDescriber,
  pullModel,
  type ReadyTask,
  readyModels,
  shippedBackbones,
} from "../models/index.ts";
import { note } from "./output.ts";
import { createProgress } from "./progress.ts";

type Open = (name: string, onConvert?: () => void) => Promise<CachedModel>;

const openers: Readonly<Record<ReadyTask, Open>> = {
  detect: openReadyDetector,
  landmarks: openReadyLandmarker,
  describe: openReadyDescriber,
  liveness: openReadyLivenessNet,
};

/** Where a model lies after it was fetched or converted. */
export interface LocalModel {
  path: string;
  wasCached: boolean;
}

/**
 * Brings a ready model or one at an address into the cache.
 * @throws FoveaError `model-unknown` for neither; what fetching and converting throw
 */
export async function bringModel(
  source: string,
  options: { sha256?: string; quiet?: boolean },
): Promise<LocalModel> {
  const ready = readyModels.get(source);
  if (ready) {
    const { path, wasCached, notKept } = await openers[ready.task](source, () =>
      note(`Converting ${source} to ONNX, once.`, options),
    );
    if (notKept) throw new FoveaError("output-unwritable", notKept);
    return { path, wasCached };
  }
  if (!isAddress(source)) {
    throw new FoveaError(
      "model-unknown",
      `"${source}" is none of ${[...readyModels.keys()].join(", ")}, and no address; give https://… or hf:owner/repo/file.onnx.`,
    );
  }
  const progress = createProgress({ label: "Fetching", total: 100, quiet: options.quiet });
  try {
    return await pullModel(source, {
      sha256: options.sha256,
      onProgress(bytes, total) {
        const megabytes = `${(bytes / 1e6).toFixed(1)} MB`;
        if (total) progress.update((100 * bytes) / total, megabytes);
      },
    });
  } finally {
    progress.done();
  }
}

/** The path of a model that is named: a ready one, a backbone that ships, one at an address; else what is given. */
export async function modelPath(source: string, options: { quiet?: boolean }): Promise<string> {
  if (readyModels.has(source) || isAddress(source)) return (await bringModel(source, options)).path;
  return (await shippedBackbones()).includes(source) ? backbonePath(source) : source;
}
