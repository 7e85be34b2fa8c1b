/**
 * A classifier of sequences from a table with one of them in each line: npx tsx examples/classify-sequences.ts
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Classifier, trainClassifier } from "fovea/classify";
import { Random } from "fovea/graph";

/** Values over a period, the phase within which is 0 … 1. */
const waves: Record<string, (phase: number) => number> = {
  sine: (phase) => Math.sin(2 * Math.PI * phase),
  square: (phase) => (phase < 0.5 ? 1 : -1),
  triangle: (phase) => 4 * Math.abs(phase - 0.5) - 1,
  saw: (phase) => 2 * phase - 1,
};
const classes = Object.keys(waves);
const random = new Random(1);

/** A noisy wave of any period, phase and height. */
function draw(name: string, length: number): number[] {
  const period = random.uniform(16, 32);
  const [start, height] = [random.next(), random.uniform(0.8, 1.2)];
  return Array.from(
    { length },
    (_, t) => height * waves[name]((start + t / period) % 1) + random.normal(0, 0.1),
  );
}

const folder = await mkdtemp(join(tmpdir(), "classify-sequences-"));
const lines = Array.from({ length: 200 }, (_, i) => {
  const name = classes[i % classes.length];
  const length = 48 + (i % 17); // all are filled up to the longest, 64, with their last values
  return [name, ...draw(name, length).map((value) => value.toFixed(3))].join("\t"); // the label first
});
await writeFile(join(folder, "waves.tsv"), lines.join("\n"));
const run = await trainClassifier({ data: join(folder, "waves.tsv"), out: join(folder, "run"), epochs: 40 });

const classifier = await Classifier.load(run.best);
for (const length of [64, 50]) {
  // A shorter sequence is filled up as those were that the net was trained with; a longer one would be refused.
  let right = 0;
  for (let i = 0; i < 200; i++) {
    const name = classes[i % classes.length];
    if ((await classifier.classifyValues(draw(name, length))).label === name) right++;
  }
  console.log(`${right} of 200 new waves of ${length} values are recognised`);
  assert(right >= 190, "at least 190 of 200 new waves must be recognised");
}
await classifier.close();
await rm(folder, { recursive: true });
