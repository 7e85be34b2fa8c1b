import { open, stat } from "node:fs/promises";
import { FoveaError, messageOf } from "../../core/index.ts";
import { noteVersion, type PartFile, type PartVersion, unwritable } from "./part-file.ts";

/** What fetching needs to know. */
export interface FetchOptions {
  onProgress?: (bytes: number, total: number | undefined) => void;
  signal?: AbortSignal;
}

/**
 * Appends to a part what it lacks, where the server goes on in the same version of the file; else all of it anew.
 * @throws FoveaError `download-failed`, `output-unwritable`
 */
export async function fetchRest(
  part: PartFile,
  address: string,
  url: URL,
  { onProgress, signal }: FetchOptions,
): Promise<void> {
  const answer = await answerFor(part, address, url, signal);
  if (answer === "complete") return;
  const { response, from, version } = answer;
  if (!response.ok || !response.body) {
    throw new FoveaError(
      "download-failed",
      `Model ${address} cannot be downloaded: the server answers ${response.status} ${response.statusText}.`,
    );
  }
  const { total } = version;
  let bytes = from;
  const file = await open(part.path, from > 0 ? "a" : "w").catch((cause: unknown) => {
    throw unwritable(part.path, cause);
  });
  try {
    if (from === 0) await noteVersion(part, version);
    // Each piece lies on the disk before the next is asked for: a connection that breaks costs none of them.
    for await (const chunk of piecesOf(response.body, address)) {
      await file.appendFile(chunk).catch((cause: unknown) => {
        throw unwritable(part.path, cause);
      });
      bytes += chunk.length;
      onProgress?.(bytes, total);
    }
  } finally {
    await file.close();
  }
  const { size } = await stat(part.path);
  if (size === (total ?? bytes)) return;
  throw new FoveaError(
    "download-failed",
    `Model ${address} was cut off after ${size} of ${total ?? bytes} bytes: run the command again to go on.`,
  );
}

/** An answer whose body begins at byte `from`. */
interface Answer {
  response: Response;
  from: number;
  version: PartVersion;
}

async function answerFor(
  part: PartFile,
  address: string,
  url: URL,
  signal: AbortSignal | undefined,
): Promise<Answer | "complete"> {
  const { size, version } = part;
  const { validator } = version;
  if (size > 0 && validator !== undefined) {
    const headers = { range: `bytes=${size}-`, "if-range": validator };
    const response = await request(address, url, headers, signal);
    if (response.status === 200) return { response, from: 0, version: versionOf(response) };
    const isSame = [undefined, validator].includes(versionOf(response).validator);
    const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "");
    const total = range && range[2] !== "*" ? Number(range[2]) : undefined;
    const fits = isSame && (version.total === undefined || total === undefined || total === version.total);
    if (response.status === 416 && fits && total === size) return "complete";
    if (response.status === 206 && fits && range?.[1] !== undefined && Number(range[1]) === size) {
      return { response, from: size, version: { validator, total: total ?? version.total } };
    }
    await response.body?.cancel();
  }
  const response = await request(address, url, {}, signal);
  return { response, from: 0, version: versionOf(response) };
}

/** The version that a whole answer is of. Of one that was packed on the way the length is another, and none goes on. */
function versionOf({ headers, status }: Response): PartVersion {
  if (headers.has("content-encoding")) return {};
  const etag = headers.get("etag");
  // A weak ETag stands for more than one sequence of bytes.
  const validator = etag !== null && !etag.startsWith("W/") ? etag : headers.get("last-modified");
  const length = headers.get("content-length");
  return {
    ...(validator !== null && { validator }),
    ...(length !== null && status === 200 && { total: Number(length) }),
  };
}

async function request(
  address: string,
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  try {
    return await fetch(url, { signal, headers: { ...headers, "accept-encoding": "identity" } });
  } catch (cause) {
    throw failed(address, cause);
  }
}

async function* piecesOf(body: ReadableStream<Uint8Array>, address: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
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
