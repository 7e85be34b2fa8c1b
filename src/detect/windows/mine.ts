import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FoveaError, messageOf, Random, writeOutput } from "../../core/index.ts";
import type { DetectionSample } from "../../data/index.ts";
import { isNearObject, type TrainingCrops, type WindowPlace } from "./training-crops.ts";
import type { WindowDetector } from "./window-detector.ts";

/** Background that was mistaken for an object. */
export interface MinedWindow extends WindowPlace {
  /** The round before which it was found. */
  round: number;
}

/** What was mined so far. */
export interface MinedWindows {
  /** The round before which was last searched. */
  round: number;
  places: MinedWindow[];
}

/** Pictures that are searched in a round. */
const SEARCHED = 300;
/** Mistakes that are kept of a picture. */
const KEPT = 20;

/**
 * Hard negatives (Felzenszwalb et al. 2010): windows of the training pictures that the detector finds at its threshold
 * and that show no object. Random background is soon learned; what is left is found where the classifier still errs.
 */
export async function mineMistakes(
  detector: WindowDetector,
  samples: readonly DetectionSample[],
  crops: TrainingCrops,
  { seed, round, signal }: { seed: number; round: number; signal?: AbortSignal },
): Promise<MinedWindow[]> {
  const order = new Random(seed, round, 0x4a2d).shuffle(samples.map((_, i) => i)).slice(0, SEARCHED);
  const mistakes: MinedWindow[] = [];
  for (const sample of order) {
    if (signal?.aborted) break;
    if (crops.isUnreadable(sample)) continue;
    const pyramid = await crops.pyramid(sample).catch(() => undefined); // told of when it was to be learned from
    const found = pyramid ? await detector.find(pyramid) : [];
    const wrong = found.filter(({ box }) => !isNearObject(box, samples[sample]));
    mistakes.push(...wrong.slice(0, KEPT).map(({ box }) => ({ sample, box, round })));
  }
  return mistakes;
}

/** Where a run keeps its mistakes, to go on from. */
function minedPath(out: string): string {
  return join(out, "mistakes.json");
}

export async function saveMined(out: string, mined: MinedWindows): Promise<void> {
  await writeOutput(minedPath(out), `${JSON.stringify(mined)}\n`);
}

/**
 * What a run that is resumed had mined up to a round. What it mined after its checkpoint was written does not count: it is
 * mined again when the run comes there.
 * @throws FoveaError `checkpoint-unreadable`
 */
export async function loadMined(out: string, round: number): Promise<MinedWindows> {
  try {
    const mined: MinedWindows = JSON.parse(await readFile(minedPath(out), "utf8"));
    // Files of before said no rounds: there is one more often than several.
    const places = mined.places.map((place) => ({ ...place, round: place.round ?? 1 }));
    return { round: Math.min(mined.round, round), places: places.filter((place) => place.round <= round) };
  } catch (cause) {
    throw new FoveaError(
      "checkpoint-unreadable",
      `\`${minedPath(out)}\` cannot be read (${messageOf(cause)}); start the run again.`,
      { cause },
    );
  }
}
