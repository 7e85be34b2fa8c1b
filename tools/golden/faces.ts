/**
 * Writes `test/golden/faces.json`: what `@vladmandic/face-api` in TensorFlow.js finds in the photographs of its own
 * package, as they are and mirrored: `npm ci --prefix bench/javascript && npx tsx tools/golden/faces.ts`.
 */
import { execFileSync } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { photographs } from "./photographs.ts";

interface Found {
  faces: { score: number; box: number[]; points: number[][]; chip: number[]; descriptor: number[] }[];
  tiny: { score: number; box: number[] }[];
}

const scratch = await mkdtemp(join(tmpdir(), "fovea-faces-"));
const pictures: { name: string; mirror: boolean; file: string; width: number; height: number }[] = [];
for (const { name, mirror, picture } of await photographs()) {
  const { width, height, data } = picture;
  const file = join(scratch, `${name}-${mirror}.rgb`);
  await writeFile(file, data);
  pictures.push({ name, mirror, file, width, height });
}
const runner = fileURLToPath(new URL("../../bench/javascript/run-face-api.mjs", import.meta.url));
const answers = JSON.parse(
  execFileSync("node", [runner], {
    input: JSON.stringify({ pictures }),
    maxBuffer: 2 ** 28,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
  }),
) as Found[];
const short = (digits: number) => (numbers: number[]) => numbers.map((x) => Number(x.toFixed(digits)));
const lines = pictures.map(({ name, mirror }, i) => {
  const { faces, tiny } = answers[i];
  return JSON.stringify({
    name,
    mirror,
    faces: faces.map(({ score, box, points, chip, descriptor }) => ({
      score: Number(score.toFixed(5)),
      box: short(2)(box),
      points: points.map(short(2)),
      chip: short(4)(chip),
      descriptor: short(5)(descriptor),
    })),
    tiny: tiny.map(({ score, box }) => ({ score: Number(score.toFixed(5)), box: short(2)(box) })),
  });
});
await writeFile("test/golden/faces.json", `[\n${lines.join(",\n")}\n]\n`);
console.log(`${answers.flatMap(({ faces }) => faces).length} faces in ${pictures.length} pictures`);
