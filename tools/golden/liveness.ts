/**
 * Writes `test/golden/liveness.json`: what the two nets of `@vladmandic/human` that judge liveness answer in TensorFlow.js
 * to two faces of `sample5.jpg`: `npm ci --prefix bench/javascript && npx tsx tools/golden/liveness.ts`.
 */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sampleAffine } from "../../src/image/index.ts";
import { packageFolder } from "../../src/models/index.ts";
import { openPhotograph } from "../../test/face/photographs.ts";

const runner = fileURLToPath(new URL("../../bench/javascript/run-graph-model.mjs", import.meta.url));
const human = join(await packageFolder("@vladmandic/human"), "models");
const boxes = [
  [787, 109, 943, 321],
  [313, 897, 629, 1210],
];
const nets = [
  { name: "antispoof", input: "conv2d_input", output: "activation_4", side: 128 },
  { name: "liveness", input: "conv2d_1_input", output: "activation_6", side: 32 },
];

const scratch = await mkdtemp(join(tmpdir(), "fovea-liveness-"));
const picture = await openPhotograph({ name: "sample5.jpg", mirror: false });

/** The square around a box, 1.4 times its longer side, `[side, side, 3]`, 0…1. */
function square([x1, y1, x2, y2]: number[], side: number): Float32Array {
  const length = 1.4 * Math.max(x2 - x1, y2 - y1);
  const planes = new Float32Array(3 * side * side);
  const [left, top] = [(x1 + x2 - length) / 2, (y1 + y2 - length) / 2];
  sampleAffine(
    picture,
    [length / side, 0, left, 0, length / side, top],
    { width: side, height: side },
    planes,
  );
  return planes.map((_, i) => planes[(i % 3) * side * side + Math.floor(i / 3)] / 255);
}

const found = boxes.map((box) => ({ box, scores: {} as Record<string, number[]> }));
for (const { name, input, output, side } of nets) {
  const inputs = await Promise.all(
    boxes.map(async (box, i) => {
      const file = join(scratch, `${name}-${i}.bin`);
      await writeFile(file, new Uint8Array(square(box, side).buffer));
      return { name: input, file, shape: [1, side, side, 3], dtype: "float32" };
    }),
  );
  const answers: { values: number[] }[][] = JSON.parse(
    execFileSync("node", [runner], {
      input: JSON.stringify({ model: join(human, `${name}.json`), inputs, outputs: [output] }),
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    }),
  );
  for (const [i, [{ values }]] of answers.entries())
    found[i].scores[name] = values.map((value) => Number(value.toFixed(6)));
}
await rm(scratch, { recursive: true });
await writeFile(
  "test/golden/liveness.json",
  `[\n${found.map((face) => JSON.stringify(face)).join(",\n")}\n]\n`,
);
console.log(`${found.length} faces`);
