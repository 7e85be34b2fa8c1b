/**
 * Finding and describing faces beside `@vladmandic/face-api` in TensorFlow.js on WebAssembly, its fastest back end that
 * installs from npm without native builds: `npm ci --prefix bench/javascript`, then
 * `npx tsx bench/faces.ts [--repeats 5] [--threads N] [--json]`.
 */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "../src/core/index.ts";
import { Detector } from "../src/detect/index.ts";
import { decodePicture, type Picture, squareChip } from "../src/image/index.ts";
import { Landmarker } from "../src/landmarks/index.ts";
import { DESCRIPTOR_SIZE, openReadyDescriber, packageFolder } from "../src/models/index.ts";
import { Program } from "../src/runtime/index.ts";

const { values: flags } = parseArgs({
  options: {
    repeats: { type: "string", default: "5" },
    threads: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const repeats = Number(flags.repeats);
const threads = flags.threads === undefined ? undefined : Number(flags.threads);
const folder = fileURLToPath(new URL("./javascript/", import.meta.url));
if (!existsSync(`${folder}node_modules`)) {
  console.error("No peer: install it with `npm ci --prefix bench/javascript`.");
  process.exit(1);
}

interface Times {
  faces: number[];
  described: number[];
  tiny: number[];
}

const picture = await decodePicture(join(await packageFolder("@vladmandic/face-api"), "demo/sample5.jpg"));

async function peer(): Promise<Times> {
  const file = join(await mkdtemp(join(tmpdir(), "fovea-bench-")), "picture.rgb");
  await writeFile(file, picture.data);
  const pictures = [{ file, width: picture.width, height: picture.height }];
  const [{ times }] = JSON.parse(
    execFileSync("node", [`${folder}run-face-api.mjs`], {
      // The first round warms up.
      input: JSON.stringify({ pictures, repeats: repeats + 1 }),
      maxBuffer: 2 ** 28,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    }),
  ) as { times: Times }[];
  return { faces: times.faces.slice(1), described: times.described.slice(1), tiny: times.tiny.slice(1) };
}

/** The part of the picture around a face's points, a third larger: what the describing net looks at. */
function chipOf(points: readonly (readonly [number, number])[], { width, height }: Picture) {
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const side = Math.ceil((4 / 3) * Math.max(Math.max(...xs) - left, Math.max(...ys) - top));
  const x = Math.max(0, Math.floor(left - side / 8));
  const y = Math.max(0, Math.floor(top - side / 8));
  return { x, y, width: Math.min(side, width - x), height: Math.min(side, height - y) };
}

async function own(): Promise<Times> {
  const [faces, tiny, landmarker] = await Promise.all([
    Detector.load("faces", { threads }),
    Detector.load("faces-tiny", { threads }),
    Landmarker.load("face-points", { threads }),
  ]);
  const describer = await Program.load((await openReadyDescriber("face-descriptor")).bytes, { threads });
  const times: Times = { faces: [], described: [], tiny: [] };
  for (let i = 0; i <= repeats; i++) {
    const start = performance.now();
    await faces.detect(picture);
    const found = performance.now();
    const { detections } = await faces.detect(picture);
    const points = await landmarker.locate(
      picture,
      detections.map(({ box }) => box),
    );
    const size = 3 * DESCRIPTOR_SIZE ** 2;
    const data = new Float32Array(points.length * size);
    for (const [k, face] of points.entries())
      squareChip(
        picture,
        chipOf(face!.points, picture),
        DESCRIPTOR_SIZE,
        data.subarray(k * size, (k + 1) * size),
      );
    const shape = [points.length, 3, DESCRIPTOR_SIZE, DESCRIPTOR_SIZE];
    await describer.run({ pictures: { dtype: "float32", shape, data } });
    const described = performance.now();
    await tiny.detect(picture);
    const end = performance.now();
    if (i === 0) continue; // warms up
    times.faces.push(found - start);
    times.described.push(described - found);
    times.tiny.push(end - described);
  }
  await Promise.all([faces.close(), tiny.close(), landmarker.close(), describer.release()]);
  return times;
}

const results = { fovea: await own(), peer: await peer() };
const rows = (["faces", "described", "tiny"] as const).map((what) => {
  const [mine, theirs] = [median(results.fovea[what]), median(results.peer[what])];
  return { what, foveaMs: mine, peerMs: theirs, ratio: theirs / mine };
});
if (flags.json) console.log(JSON.stringify(rows, undefined, 2));
else
  for (const { what, foveaMs, peerMs, ratio } of rows)
    console.log(
      `${what}: Fovea ${foveaMs.toFixed(1)} ms, peer ${peerMs.toFixed(1)} ms, ${ratio.toFixed(2)} times`,
    );
