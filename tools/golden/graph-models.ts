/**
 * Writes `test/golden/coco.json` and `test/golden/body.json`: what CenterNet and MoveNet of `@vladmandic/human` answer in
 * TensorFlow.js to letterboxed photographs: `npm ci --prefix bench/javascript && npx tsx tools/golden/graph-models.ts`.
 */
import { execFileSync } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cast, Graph, transpose } from "../../src/graph/index.ts";
import type { Picture } from "../../src/image/index.ts";
import { letterboxGraph, packageFolder } from "../../src/models/index.ts";
import { compile } from "../../src/runtime/index.ts";
import { photographs } from "./photographs.ts";

const runner = fileURLToPath(new URL("../../bench/javascript/run-graph-model.mjs", import.meta.url));
const human = join(await packageFolder("@vladmandic/human"), "models");
const scratch = await mkdtemp(join(tmpdir(), "fovea-graph-models-"));

/** Pictures as the net's input `[1, side, side, 3]`, prepared as Fovea does it. */
async function letterboxed(pictures: readonly Picture[], side: number): Promise<Float32Array[]> {
  const graph = new Graph();
  const image = graph.input("image", ["height", "width", 3], "uint8");
  const placed = letterboxGraph(image, { width: side, height: side }, 0);
  const input = transpose(cast(placed.pictures, "float32"), [0, 2, 3, 1]);
  const program = await compile({ outputs: { input } });
  const results: Float32Array[] = [];
  for (const { width, height, data } of pictures) {
    const { input } = await program.run({ image: { dtype: "uint8", shape: [height, width, 3], data } });
    results.push((input.data as Float32Array).slice()); // the program uses its buffer again
  }
  await program.release();
  return results;
}

interface Net {
  model: string;
  input: string;
  output: string;
  side: number;
  dtype: "float32" | "int32";
  keep: (values: number[]) => unknown;
}

async function answersOf({ model, input, output, side, dtype, keep }: Net): Promise<string[]> {
  const all = await photographs();
  const prepared = await letterboxed(
    all.map(({ picture }) => picture),
    side,
  );
  const inputs = await Promise.all(
    prepared.map(async (data, i) => {
      const file = join(scratch, `${i}.bin`);
      await writeFile(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      return { name: input, file, shape: [1, side, side, 3], dtype };
    }),
  );
  const request = { model: join(human, model), inputs, outputs: [output] };
  const answers = JSON.parse(
    execFileSync("node", [runner], {
      input: JSON.stringify(request),
      maxBuffer: 2 ** 28,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    }),
  ) as { values: number[] }[][];
  return all.map(({ name, mirror }, i) =>
    JSON.stringify({ name, mirror, found: keep(answers[i][0].values) }),
  );
}

const digits = (number: number, count: number) => Number(number.toFixed(count));
const rows = (values: number[], width: number) =>
  Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));

const coco = await answersOf({
  model: "centernet.json",
  input: "tower_0/images",
  output: "tower_0/detections",
  side: 512,
  dtype: "float32",
  keep: (values) =>
    rows(values, 6)
      .slice(0, 20)
      .map(([x1, y1, x2, y2, score, classIndex]) => ({
        score: digits(score, 5),
        classIndex,
        box: [x1, y1, x2, y2].map((x) => digits(x, 2)),
      })),
});
await writeFile("test/golden/coco.json", `[\n${coco.join(",\n")}\n]\n`);
const body = await answersOf({
  model: "movenet-lightning.json",
  input: "input",
  output: "Identity:0",
  side: 192,
  dtype: "int32",
  keep: (values) => rows(values, 3).map(([y, x, score]) => [x, y, score].map((each) => digits(each, 5))),
});
await writeFile("test/golden/body.json", `[\n${body.join(",\n")}\n]\n`);
console.log(`${coco.length} pictures`);
