import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeOutput } from "../core/index.ts";
import { decodePicture, encodePicture, type Picture } from "../image/index.ts";
import { progressFolder } from "./progress-file.ts";
import type { Synthesised, Wish } from "./synthesis/index.ts";

/** What the pictures of a layer were made with: others are made anew. */
export interface MadeWith {
  /** Of the search: see `scanKey`. */
  key: string;
  steps: number;
  seed: number;
  wishes: readonly Wish[];
}

interface Kept extends MadeWith {
  activations: number[];
}

/** Keeps the pictures that were made for a layer, which takes minutes, until all is done. */
export async function saveMade(
  out: string,
  layer: number,
  made: readonly Synthesised[],
  by: MadeWith,
): Promise<void> {
  const [{ picture }] = made;
  const data = Buffer.concat(made.map((each) => each.picture.data));
  const strip: Picture = { width: picture.width, height: picture.height * made.length, data };
  const kept: Kept = { ...by, activations: made.map(({ activation }) => activation) };
  const path = madePath(out, layer);
  await writeOutput(`${path}.png`, await encodePicture(strip, "png"));
  await writeOutput(`${path}.json`, JSON.stringify(kept));
}

/** The pictures that a stopped run made for a layer; undefined where there are none, or others. */
export async function loadMade(out: string, layer: number, by: MadeWith): Promise<Synthesised[] | undefined> {
  const path = madePath(out, layer);
  const text = await readFile(`${path}.json`, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const { activations, ...of } = JSON.parse(text) as Kept;
  if (JSON.stringify(of) !== JSON.stringify(by)) return undefined;
  const strip = await decodePicture(`${path}.png`);
  const height = strip.height / activations.length;
  const size = 3 * strip.width * height;
  return by.wishes.map(({ unit }, i) => {
    const picture = { width: strip.width, height, data: strip.data.slice(i * size, (i + 1) * size) };
    return { unit, picture, activation: activations[i] };
  });
}

function madePath(out: string, layer: number): string {
  return join(progressFolder(out), `made-${layer}`);
}
