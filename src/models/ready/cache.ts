import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import envPaths from "env-paths";
import { FoveaError, messageOf, packageVersion, writeOutput } from "../../core/index.ts";
import type { ReadyModel } from "./catalogue.ts";
import { packageFolder } from "./package-folder.ts";

/** Raised when the conversion makes other files of the same weights. */
const CONVERSION = 2;

/** Folder for what can be made again: `FOVEA_CACHE`, else where the system keeps such things. */
export function cacheFolder(): string {
  return process.env.FOVEA_CACHE || envPaths("fovea", { suffix: "" }).cache;
}

/** A converted model. */
export interface CachedModel {
  bytes: Uint8Array;
  /** Where it lies. */
  path: string;
  /** Whether it was there already. */
  wasCached: boolean;
  /** Why it could not be kept for the next time, where it could not. */
  notKept?: string;
}

/** Makes the whole ONNX file of a model out of its package's files. */
export type Convert = (files: readonly string[]) => Promise<Uint8Array>;

/**
 * A ready model's ONNX file: from the cache, or converted and put there. A file in the cache that does not have its
 * digest (cut off, altered) is made anew. Two processes at once each write a whole file of the same bytes.
 *
 * @param onConvert hears that the conversion begins
 * @throws FoveaError `package-missing`, `weights-missing`, `weights-damaged` and what the conversion throws
 */
export async function cachedModel(
  model: ReadyModel,
  convert: Convert,
  onConvert?: () => void,
): Promise<CachedModel> {
  const { path, files } = await placeOf(model);
  const kept = await readKept(path);
  if (kept) return { bytes: kept, path, wasCached: true };
  onConvert?.();
  const bytes = await convert(files);
  try {
    await writeOutput(path, bytes);
    await writeOutput(digestPath(path), digestOf(bytes));
  } catch (error) {
    return { bytes, path, wasCached: false, notKept: messageOf(error) };
  }
  return { bytes, path, wasCached: false };
}

/**
 * The files that a model is made of, which are those that Fovea knows.
 * @throws FoveaError `package-missing`, `weights-missing`, `weights-damaged`
 */
export async function sourceFiles(model: ReadyModel): Promise<string[]> {
  return (await placeOf(model)).files;
}

/** Whether a model is in the cache, whole. */
export async function isCached(model: ReadyModel): Promise<boolean> {
  const { path } = await placeOf(model);
  return (await readKept(path)) !== undefined;
}

/**
 * Where a model lies in the cache, and the files that it is made of. Another version of Fovea: another place.
 * @throws `weights-damaged` where the files are not those that it was compared with the original on
 */
async function placeOf({ name, source }: ReadyModel): Promise<{ path: string; files: string[] }> {
  const folder = await packageFolder(source.package);
  const files = source.files.map((file) => join(folder, file));
  const hash = createHash("sha256");
  for (const file of files) hash.update(await readSource(file));
  const digest = hash.digest("hex");
  if (digest !== source.sha256) {
    throw new FoveaError(
      "weights-damaged",
      `The weights of "${name}" in \`${folder}\` are damaged or of another version (SHA-256 ${digest}, not ${source.sha256}): run \`npm ci\`, or install ${source.package} again.`,
    );
  }
  const key = createHash("sha256")
    .update(`${CONVERSION} ${packageVersion()} ${name} ${digest}`)
    .digest("hex");
  return { path: join(cacheFolder(), "models", `${name}-${key.slice(0, 16)}.onnx`), files };
}

async function readSource(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new FoveaError(
      "weights-missing",
      `Weights \`${file}\` cannot be opened (${messageOf(cause)}): install their package again.`,
      { cause },
    );
  });
}

async function readKept(path: string): Promise<Uint8Array | undefined> {
  try {
    const [bytes, digest] = await Promise.all([readFile(path), readFile(digestPath(path), "utf8")]);
    return digest === digestOf(bytes) ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function digestPath(path: string): string {
  return `${path}.sha256`;
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
