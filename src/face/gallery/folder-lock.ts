import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { FoveaError } from "../../core/index.ts";

/** Who holds a lock. */
interface Holder {
  pid: number;
  host: string;
  /** Tells a process from a later one of the same number. */
  started: string;
  /** Tells two locks of one process apart. */
  token: string;
}

const RETRY_MS = 50;

/** A lock that was got. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes a lock file for this process, by an exclusive create. The lock of a process that is gone is taken over; while
 * its holder lives, waits. Nothing is renewed: a process that is busy for minutes keeps its lock.
 *
 * @param path of the lock file
 * @param title what the error calls the thing that is locked
 * @throws FoveaError `gallery-in-use` after `waitMs`
 */
export async function lockFolder(path: string, title: string, waitMs: number): Promise<FolderLock> {
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid) ?? "",
    token: randomUUID(),
  };
  const until = Date.now() + waitMs;
  for (;;) {
    if (await place(path, holder)) return { release: () => rm(path, { force: true }) };
    const other = await read(path);
    if (other && !isAlive(other)) await clear(path, other, title, Math.max(0, until - Date.now()));
    else if (Date.now() >= until) throw inUse(path, title, other);
    else await wait(RETRY_MS);
  }
}

/** Writes the lock file, whole, where there is none. */
async function place(path: string, holder: Holder): Promise<boolean> {
  const draft = `${path}.${holder.token}`;
  const text = JSON.stringify(holder);
  try {
    await writeFile(draft, text);
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      // Some file systems have no links; theirs is a lock that can be seen half written for a moment.
      if (error.code === "EEXIST") throw error;
      return writeFile(path, text, { flag: "wx" });
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Removes the lock of a process that is gone. Only one may do so at a time, or a slow one would remove the lock that a
 * quick one has placed since: the right to remove is a lock as well.
 */
async function clear(path: string, dead: Holder, title: string, waitMs: number): Promise<void> {
  const right = await lockFolder(`${path}.clearing`, title, waitMs);
  try {
    if ((await read(path))?.token === dead.token) await rm(path, { force: true });
  } finally {
    await right.release();
  }
}

async function read(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch {
    return undefined; // released meanwhile, or written by something else
  }
}

/** Whether the process runs still; of another machine's nothing is known. */
function isAlive({ pid, host, started }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return (startOf(pid) ?? started) === started;
}

/** When a process started, in whatever form the system says it; nothing where it does not. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform === "linux") {
      // The command's name, in parentheses, may hold spaces; the start is the 22nd field, in ticks since the boot.
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/s, "").trim().split(" ");
      if (fields[0] === "Z") return "ended"; // its parent has not taken notice yet
      return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${fields[19]}`;
    }
    if (process.platform === "win32") return undefined;
    return execFileSync("ps", ["-o", "lstart=", "-p", `${pid}`], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

function inUse(path: string, title: string, holder: Holder | undefined): FoveaError {
  const isHere = holder?.host === hostname();
  const who = holder
    ? `process ${holder.pid}${isHere ? (holder.pid === process.pid ? " (this one)" : "") : ` on ${holder.host}`}`
    : "another process";
  const remedy = isHere
    ? "wait until it ends, or keep galleries for several processes on a PostgreSQL server"
    : `wait until it ends, or delete \`${path}\` if it has`;
  return new FoveaError("gallery-in-use", `Gallery \`${title}\` is in use by ${who}; ${remedy}.`);
}
