import { readFileSync } from "node:fs";

/** Fovea's version, from package.json, which stands two folders up both from `src/core` and from `dist/core`. */
export function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
