/**
 * Writes `test/golden/face-chips.json`: the five faces of `sample5.jpg` as dlib cuts them out by the points of
 * `test/golden/faces.json`, and as `@vladmandic/face-api`, which has dlib's net, describes these chips. With dlib's headers
 * and LAPACK (Debian: `apt-get install g++ libdlib-dev liblapack-dev`):
 * `npm ci --prefix bench/javascript && npx tsx tools/golden/face-chips.ts`.
 */
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openPhotograph } from "../../test/face/photographs.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const photograph = { name: "sample5.jpg", mirror: false };

const scratch = await mkdtemp(join(tmpdir(), "fovea-face-chips-"));
const [program, picture, chips] = ["face_chips", "picture.rgb", "chips.rgb"].map((name) =>
  join(scratch, name),
);
execFileSync("g++", ["-std=c++14", "-O1", at("face_chips.cpp"), "-o", program, "-llapack", "-lblas"]);

const known: { name: string; mirror: boolean; faces: { points: [number, number][] }[] }[] = JSON.parse(
  await readFile("test/golden/faces.json", "utf8"),
);
const { faces } = known.find(({ name, mirror }) => name === photograph.name && !mirror)!;
// dlib's points are whole pixels.
const points = faces.map((face) => face.points.map((point) => point.map(Math.round)));
const { width, height, data } = await openPhotograph(photograph);
await writeFile(picture, data);
const places = execFileSync(program, [picture, `${width}`, `${height}`, chips], {
  input: points.map((face) => face.flat().join(" ")).join("\n"),
  encoding: "utf8",
})
  .trim()
  .split("\n")
  .map((line) => line.trim().split(" ").map(Number));
const descriptors: number[][] = JSON.parse(
  execFileSync("node", [at("../../bench/javascript/describe-chips.mjs")], {
    input: JSON.stringify({ file: chips }),
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
  }),
);
await rm(scratch, { recursive: true });

const short = (digits: number) => (value: number) => Number(value.toFixed(digits));
const lines = points.map((face, i) =>
  JSON.stringify({
    points: face,
    places: face.map((_, k) => places[i].slice(2 * k, 2 * k + 2).map(short(2))),
    descriptor: descriptors[i].map(short(5)),
  }),
);
await writeFile("test/golden/face-chips.json", `[\n${lines.join(",\n")}\n]\n`);
console.log(`${lines.length} faces`);
