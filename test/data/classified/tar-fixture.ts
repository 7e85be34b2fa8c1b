import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeFolder } from "../folder-fixture.ts";

const run = promisify(execFile);

/** Packs what lies in a folder with the system's `tar`; the archive lies in a folder of its own. */
export async function packFolder(
  folder: string,
  options: readonly string[] = [],
  members: readonly string[] = ["."],
): Promise<string> {
  const archive = join(await makeFolder({}), "set.tar");
  await run("tar", ["-cf", archive, ...options, "-C", folder, ...members]);
  return archive;
}

/** An archive of the given files; paths begin without `./`. */
export async function makeTar(
  files: Record<string, string | Uint8Array>,
  options: readonly string[] = [],
): Promise<string> {
  const folder = await makeFolder(files);
  return packFolder(folder, options, [...new Set(Object.keys(files).map((path) => path.split("/")[0]))]);
}
