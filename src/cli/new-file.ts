import { existsSync } from "node:fs";
import { extname } from "node:path";

/** A path that nothing has yet: the given one, or with the lowest number from 2 on before its extension. */
export function firstFree(path: string): string {
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  let free = path;
  for (let copy = 2; existsSync(free); copy++) free = `${stem}-${copy}${extension}`;
  return free;
}
