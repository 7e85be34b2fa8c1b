import { createHash } from "node:crypto";
import type { DetectionDataset, DetectionSample } from "./dataset.ts";
import { SPLIT_NAMES } from "./split-names.ts";

/**
 * SHA-256 (hex) over the classes and, split by split, each picture's id and size and its boxes' classes and
 * corners, rounded to a hundredth of a pixel; in whatever order boxes and pictures come. What not every
 * format can hold does not count: crowds, and the marks of difficulty and annotated areas.
 */
export function fingerprintDataset({
  classes,
  splits,
}: Pick<DetectionDataset, "classes" | "splits">): string {
  const hash = createHash("sha256").update(`${JSON.stringify(classes)}\n`);
  for (const split of SPLIT_NAMES) {
    hash.update(`${split}\n`);
    for (const line of splits[split].map(toLine).sort()) hash.update(`${line}\n`);
  }
  return hash.digest("hex");
}

function toLine({ id, width, height, boxes }: DetectionSample): string {
  const labels = boxes
    .filter(({ crowd }) => !crowd)
    .map(({ classIndex, box }) => [classIndex, ...box.map(toHundredths)].join(" "))
    .sort();
  return JSON.stringify([id, width, height, labels]);
}

/**
 * Rounds down from a little above the half, because files like to have values that lie exactly on it, which
 * the arithmetic of another format would push to either side.
 */
function toHundredths(coordinate: number): number {
  return Math.floor(coordinate * 100 + 0.4999);
}
