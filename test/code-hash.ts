import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

/**
 * A hash of files of the tree and of the programs below its folders, 16 hex digits: part of the name of what tests make
 * once and keep, so that it does not outlive the code that made it.
 */
export function codeHash(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) {
    const isFolder = statSync(join(root, path)).isDirectory();
    const files = isFolder ? programsBelow(path) : [path];
    for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

function programsBelow(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => /(?<!\.d)\.(ts|js)$/.test(name))
    .map((name) => join(folder, name))
    .sort();
}
