import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { FoveaError, messageOf, writeOutput } from "../../core/index.ts";
import { cacheFolder } from "../ready/index.ts";
import { urlOf } from "./address.ts";

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
 * from there if the server lets it.
 *
 * @throws FoveaError `address-invalid`, `download-failed`, `digest-differs`
 */
export async function pullModel(address: string, options: PullOptions = {}): Promise<PulledModel> {
  const url = urlOf(address);
  const path = cachePath(url);
  const kept = await digestOfKept(path);
  if (kept) {
    requireDigest(address, kept, options.sha256);
    return { path, sha256: kept, wasCached: true };
  }
  const part = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  await fetchInto(part, address, url, options);
  const sha256 = await digestOfFile(part);
  try {
    requireDigest(address, sha256, options.sha256);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await rename(part, path);
  await writeOutput(`${path}.sha256`, sha256);
  return { path, sha256, wasCached: false };
}

/** Where the file of a URL lies in the cache. */
function cachePath(url: URL): string {
  const key = createHash("sha256").update(url.href).digest("hex").slice(0, 16);
  return join(cacheFolder(), "downloads", `${key}-${basename(url.pathname) || "model"}`);
}

/** Appends what is missing of a file to `part`. */
async function fetchInto(
  part: string,
  address: string,
  url: URL,
  { onProgress, signal }: PullOptions,
): Promise<void> {
  const had = await stat(part).then(
    ({ size }) => size,
    () => 0,
  );
  const response = await request(address, url, had, signal);
  if (response.status === 416) return; // all of it was there
  if (!response.ok || !response.body) {
    throw new FoveaError(
      "download-failed",
      `Model ${address} cannot be downloaded: the server answers ${response.status} ${response.statusText}.`,
    );
  }
  const resumed = response.status === 206;
  const length = Number(response.headers.get("content-length"));
  let bytes = resumed ? had : 0;
  const total = length ? bytes + length : undefined;
  // Each piece lies on the disk before the next is asked for: a connection that breaks costs none of them.
  const file = await open(part, resumed ? "a" : "w");
  try {
    for await (const chunk of response.body) {
      await file.appendFile(chunk);
      bytes += chunk.length;
      onProgress?.(bytes, total);
    }
  } catch (cause) {
    throw failed(address, cause);
  } finally {
    await file.close();
  }
  if (total === undefined || bytes === total) return;
  throw new FoveaError(
    "download-failed",
    `Model ${address} was cut off after ${bytes} of ${total} bytes: run the command again to go on.`,
  );
}

async function request(address: string, url: URL, had: number, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { signal, headers: had > 0 ? { range: `bytes=${had}-` } : {} });
  } catch (cause) {
    throw failed(address, cause);
  }
}

function failed(address: string, cause: unknown): FoveaError {
  const { cause: inner } = cause as { cause?: unknown };
  return new FoveaError(
    "download-failed",
    `Model ${address} cannot be downloaded (${messageOf(inner ?? cause)}): check the network and run it again, or fetch the file elsewhere and give its path.`,
    { cause },
  );
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

function requireDigest(address: string, found: string, wanted: string | undefined): void {
  if (wanted === undefined || wanted.toLowerCase() === found) return;
  throw new FoveaError(
    "digest-differs",
    `Model ${address} has SHA-256 ${found}, not ${wanted}: it is another file than you meant, and is not kept.`,
  );
}
