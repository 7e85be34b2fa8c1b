import { randomBytes } from "node:crypto";
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { threadId } from "node:worker_threads";
import { unwritable as cannotWrite, FoveaError, makeFolder } from "../../core/index.ts";

/** What a server says of the version of a file that a part of it belongs to. */
export interface PartVersion {
  /** A strong ETag, or the time of the last change: with it the server goes on only in the same version. */
  validator?: string;
  /** Bytes of the whole file. */
  total?: number;
}

/** A part of a file that nobody else writes to. */
export interface PartFile {
  path: string;
  /** Bytes that are there. */
  size: number;
  version: PartVersion;
}

/** A part that nobody has written to for so long is nobody's, whoever's it was. */
const ABANDONED_MS = 3_600_000;

/** Parts that this thread writes to. */
const mine = new Set<string>();

/**
 * A part of `path` of one's own: one that is left over, claimed by giving it a new name, which only one of several
 * processes can do; else a new one. {@link releasePart} gives it back.
 *
 * @throws FoveaError `output-unwritable`
 */
export async function claimPart(path: string): Promise<PartFile> {
  const owner = `${ownerPrefix()}${randomBytes(4).toString("hex")}`;
  const own = `${path}.part-${owner}`;
  mine.add(own);
  try {
    await makeFolder(dirname(path));
    for (const left of await leftOvers(path)) {
      await utimes(left, new Date(), new Date()).catch(() => {}); // claimed or not, it is not abandoned any more
      const isClaimed = await rename(left, own).then(
        () => true,
        () => false,
      );
      if (!isClaimed) continue;
      await rename(versionPath(left), versionPath(own)).catch(() => {});
      return { path: own, size: (await stat(own)).size, version: await readVersion(own) };
    }
    await writeFile(own, "");
    return { path: own, size: 0, version: {} };
  } catch (cause) {
    mine.delete(own);
    throw unwritable(own, cause);
  }
}

/** Gives a part back: it stays for the next that wants it, if it is still there. */
export function releasePart({ path }: PartFile): void {
  mine.delete(path);
}

export async function removePart({ path }: PartFile): Promise<void> {
  await Promise.all([path, versionPath(path)].map((file) => rm(file, { force: true })));
}

/** Removes what others left over of a file that is whole now. */
export async function removeLeftOvers(path: string): Promise<void> {
  for (const left of await leftOvers(path)) {
    await Promise.all([left, versionPath(left)].map((file) => rm(file, { force: true })));
  }
}

/** Notes which version a part belongs to, before its first byte is written. */
export async function noteVersion({ path }: PartFile, version: PartVersion): Promise<void> {
  try {
    await writeFile(versionPath(path), JSON.stringify(version));
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** Why a file of the cache cannot be written, and what names the cache. */
export function unwritable(path: string, cause: unknown): FoveaError {
  const { code, message } = cannotWrite(path, cause);
  const remedy = "FOVEA_CACHE names the folder that models are kept in.";
  return new FoveaError(code, `${message} ${remedy}`, { cause });
}

function versionPath(part: string): string {
  return join(dirname(part), `.${basename(part)}`); // which is not listed as a part
}

async function readVersion(part: string): Promise<PartVersion> {
  try {
    return JSON.parse(await readFile(versionPath(part), "utf8"));
  } catch {
    return {};
  }
}

function ownerPrefix(): string {
  return `${hostname().replace(/[^\w]/g, "")}-${process.pid}-${threadId}-`;
}

/** Parts of a file whose owners are gone. */
async function leftOvers(path: string): Promise<string[]> {
  const [folder, start] = [dirname(path), `${basename(path)}.part`];
  const names = (await readdir(folder)).filter((name) => name.startsWith(start));
  const areFree = await Promise.all(
    names.map((name) => isFree(join(folder, name), name.slice(start.length + 1))),
  );
  return names.filter((_, i) => areFree[i]).map((name) => join(folder, name));
}

async function isFree(file: string, owner: string): Promise<boolean> {
  if (mine.has(file)) return false;
  const [host, pid, thread] = owner.split("-");
  if (!pid) return true;
  if (`${host}-${pid}-${thread}-` === ownerPrefix()) return true; // a failed one of this thread
  const isHere = host === ownerPrefix().split("-")[0];
  if (isHere && Number(pid) !== process.pid) return !isAlive(Number(pid));
  const last = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
  return Date.now() - last > ABANDONED_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // another user's
  }
}
