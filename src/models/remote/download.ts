import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { FoveaError, writeOutput } from "../../core/index.ts";
import { cacheFolder } from "../ready/index.ts";
import { urlOf } from "./address.ts";
import { fetchRest } from "./fetch-rest.ts";
import { claimPart, releasePart, removeLeftOvers, removePart, unwritable } from "./part-file.ts";

/** How to fetch a model. */
export interface PullOptions {
  /** SHA-256 of the file in hexadecimal; a file with another one is refused and not kept. */
  sha256?: string;
  onProgress?: (bytes: number, total: number | undefined) => void;
  signal?: AbortSignal;
}

/** A fetched model. */
export interface PulledModel {
  path: string;
  sha256: string;
  wasCached: boolean;
}

/**
 * Fetches a file into the cache, or finds it there. What an interrupted download has fetched is kept, and the next goes on
 * from there if the server still has the same version. Two at once each fetch a part of their own; whoever is done last
 * finds the file there.
 *
 * @throws FoveaError `address-invalid`, `download-failed`, `digest-differs`, `output-unwritable`
 */
export async function pullModel(address: string, options: PullOptions = {}): Promise<PulledModel> {
  const url = urlOf(address);
  const path = cachePath(url);
  const kept = await digestOfKept(path);
  // Another file than is wanted: the server may have the right one by now.
  if (kept && isWanted(kept, options.sha256)) return { path, sha256: kept, wasCached: true };
  const part = await claimPart(path);
  try {
    await fetchRest(part, address, url, options);
    const sha256 = await digestOfFile(part.path);
    const other = await digestOfKept(path); // somebody else may be done before
    if (other === sha256 && isWanted(sha256, options.sha256)) {
      await removePart(part);
      return { path, sha256, wasCached: true };
    }
    if (!isWanted(sha256, options.sha256)) {
      await removePart(part);
      throw new FoveaError(
        "digest-differs",
        `Model ${address} has SHA-256 ${sha256}, not ${options.sha256}: it is another file than you meant, and is not kept.`,
      );
    }
    await rename(part.path, path).catch((cause: unknown) => {
      throw unwritable(path, cause);
    });
    await removePart(part);
    await removeLeftOvers(path);
    await writeOutput(`${path}.sha256`, sha256);
    return { path, sha256, wasCached: false };
  } finally {
    releasePart(part);
  }
}

/** Where the file of a URL lies in the cache. */
function cachePath(url: URL): string {
  const key = createHash("sha256").update(url.href).digest("hex").slice(0, 16);
  return join(cacheFolder(), "downloads", `${key}-${basename(url.pathname) || "model"}`);
}

/** The digest of a file in the cache that is whole; undefined where there is none. */
async function digestOfKept(path: string): Promise<string | undefined> {
  try {
    const [noted, found] = await Promise.all([readFile(`${path}.sha256`, "utf8"), digestOfFile(path)]);
    return noted === found ? found : undefined;
  } catch {
    return undefined;
  }
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

function isWanted(found: string, wanted: string | undefined): boolean {
  return wanted === undefined || wanted.toLowerCase() === found;
}
