import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { FoveaError } from "../core/index.ts";
import { openReadyDetector } from "../detect/index.ts";
import { openReadyLivenessNet } from "../face/index.ts";
import { openReadyLandmarker } from "../landmarks/index.ts";
import {
  backbonePath,
  type CachedModel,
  cacheFolder,
  isAddress,
  openReadyDescriber,
  pullModel,
  type ReadyTask,
  readyModels,
  shippedBackbones,
} from "../models/index.ts";
import { byLikeness, requireAnyModel } from "./model-names.ts";
import { note } from "./output.ts";
import { createProgress } from "./progress.ts";

type Open = (name: string, onConvert?: () => void) => Promise<CachedModel>;

const openers: Readonly<Record<ReadyTask, Open>> = {
  detect: openReadyDetector,
  landmarks: openReadyLandmarker,
  describe: openReadyDescriber,
  liveness: openReadyLivenessNet,
};

/** Which folder it is that models are kept in. */
function cacheRemark(): string {
  return process.env.FOVEA_CACHE
    ? `Models are kept in the folder that FOVEA_CACHE names, \`${cacheFolder()}\`.`
    : `Models are kept in \`${cacheFolder()}\`; FOVEA_CACHE names another folder.`;
}

/** Where a model lies after it was fetched or converted. */
export interface LocalModel {
  path: string;
  wasCached: boolean;
}

/**
 * Brings a ready model or one at an address into the cache.
 * @throws FoveaError `model-unknown` for neither; `digest-differs` for another file than `sha256` says; what fetching and converting throw
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
    if (notKept) throw new FoveaError("output-unwritable", `${notKept} ${cacheRemark()}`);
    const found =
      options.sha256 &&
      createHash("sha256")
        .update(await readFile(path))
        .digest("hex");
    if (found === options.sha256?.toLowerCase()) return { path, wasCached };
    throw new FoveaError(
      "digest-differs",
      `The ONNX file of "${source}" (\`${path}\`) has SHA-256 ${found}, not ${options.sha256}: it is another file than you meant; other versions of Fovea may convert it otherwise.`,
    );
  }
  if (!isAddress(source)) {
    throw new FoveaError(
      "model-unknown",
      `"${source}" is none of ${byLikeness(source, [...readyModels.keys()])}, and no address; give https://… or hf:owner/repo/file.onnx.`,
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

/**
 * The path of a model that is named: a ready one, a backbone that ships, one at an address; else what is given.
 * @throws FoveaError `model-unknown` for a name that nothing has; what {@link bringModel} throws
 */
export async function modelPath(source: string, options: { quiet?: boolean }): Promise<string> {
  await requireAnyModel(source);
  if (readyModels.has(source) || isAddress(source)) return (await bringModel(source, options)).path;
  return (await shippedBackbones()).includes(source) ? backbonePath(source) : source;
}
