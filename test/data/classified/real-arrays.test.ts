import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readSeriesFile } from "../../../src/data/classified/read-series.ts";
import { readVolumeFile } from "../../../src/data/classified/read-volumes.ts";

const DATA = resolve(import.meta.dirname, "../../../../shared/data");

/** A test on a real file; skipped, with a word, where that is not on this machine. */
function onFile(path: string, name: string, run: (file: string) => Promise<void>): void {
  const file = resolve(DATA, path);
  const present = existsSync(file);
  if (!present) console.log(`Skipped "${name}": there is no ${file}.`);
  test.skipIf(!present)(name, () => run(file));
}

function countLabels(examples: readonly { label: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { label } of examples) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

const SERIES: [name: string, length: number, counts: Record<string, number>][] = [
  ["CBF", 128, { 1: 10, 2: 12, 3: 8 }],
  ["ECG200", 96, { 0: 31, 1: 69 }],
  ["ECGFiveDays", 136, { 1: 14, 2: 9 }],
  ["GunPoint", 150, { 1: 24, 2: 26 }],
  ["TwoLeadECG", 82, { 1: 12, 2: 11 }],
];

for (const [set, length, counts] of SERIES) {
  onFile(`ucr/${set}_TRAIN.tsv`, `UCR ${set}: sequences of ${length}`, async (file) => {
    const { shape, examples, problems } = await readSeriesFile(file);
    expect([shape, problems, countLabels(examples)]).toEqual([[1, length], [], counts]);
    if (set === "CBF") expect(examples[0].values[0]).toBeCloseTo(-0.46427649, 7);
  });
}

onFile("modelnet10/train.npz", "ModelNet10: 3,991 shapes of 10 classes", async (file) => {
  const { shape, examples } = await readVolumeFile(file);
  expect([shape, examples.length]).toEqual([[1, 30, 30, 30], 3991]);
  expect(new Set(examples.map(({ label }) => label)).size).toBe(10);
  expect(examples.every(({ values }) => values instanceof Uint8Array && values.length === 27_000)).toBe(true);
  expect(Math.max(...examples[0].values)).toBe(1);
  expect(examples.at(-1)!.values.buffer).toBe(examples[0].values.buffer);
});
