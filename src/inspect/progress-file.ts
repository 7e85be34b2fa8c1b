import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FoveaError, writeOutput } from "../core/index.ts";
import type { Layer } from "./layers/index.ts";
import { noColours, type Scan, TopPatches, type TopPatchesState } from "./patches/index.ts";

/** What a search through the data has found so far, as it is kept in a file. */
interface Kept extends Omit<Scan, "tops"> {
  key: string;
  tops: TopPatchesState[];
}

/** Where all is kept that a stopped run can go on from. */
export function progressFolder(out: string): string {
  return join(out, "progress");
}

/** Where a search is kept: it can go on after it was stopped. */
export function scanPath(out: string): string {
  return join(progressFolder(out), "patches.json");
}

/** What must be the same for a search to go on: the model, the pictures and their order, the layers. */
export function scanKey(
  modelDigest: string,
  preparation: string,
  layers: readonly Layer[],
  fingerprint: string,
): string {
  const names = layers.map(({ output }) => output.name);
  const all = JSON.stringify([modelDigest, preparation, names, fingerprint]);
  return createHash("sha256").update(all).digest("hex");
}

/** A search before its first picture. */
export function newScan(layers: readonly Layer[]): Scan {
  return {
    done: 0,
    tops: layers.map(({ units }) => new TopPatches(units)),
    failures: [],
    colours: noColours(),
  };
}

export async function saveScan(out: string, key: string, { tops, ...rest }: Scan): Promise<void> {
  const kept: Kept = { key, ...rest, tops: tops.map((top) => top.toState()) };
  await writeOutput(scanPath(out), JSON.stringify(kept));
}

/**
 * The search that was stopped.
 * @throws FoveaError `checkpoint-missing`; `resume-mismatch` where it was another model, other data or other layers
 */
export async function loadScan(out: string, key: string, layers: readonly Layer[]): Promise<Scan> {
  const path = scanPath(out);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new FoveaError(
      "checkpoint-missing",
      `There is no ${path} to resume from; start without --resume.`,
      { cause },
    );
  });
  const { key: of, tops, ...rest } = JSON.parse(text) as Kept;
  if (of !== key) {
    throw new FoveaError(
      "resume-mismatch",
      `${path} is of another model, other pictures or other layers; give the same ones, or another --out.`,
    );
  }
  return { ...rest, tops: tops.map((state, i) => new TopPatches(layers[i].units, state)) };
}
