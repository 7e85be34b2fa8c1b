/**
 * Time per picture of `Detector.detect` and where it goes:
 * `npx tsx bench/detect.ts [best.onnx] [--pictures folder] [--count 24] [--threads 2] [--json]`.
 */

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "../src/core/index.ts";
import { generateScene } from "../src/data/index.ts";
import { Detector } from "../src/detect/index.ts";
import { exportYolo, yoloNet } from "../src/detect/yolo/index.ts";
import { Graph } from "../src/graph/index.ts";
import { encodePicture } from "../src/image/index.ts";
import { Scope } from "../src/nn/index.ts";
import { nanoRecipe, untrainedCard } from "./nano.ts";
import { type NodeTime, takeProfile } from "./profile.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pictures: {
      type: "string",
      default: fileURLToPath(new URL("../../shared/data/bccd/images", import.meta.url)),
    },
    count: { type: "string", default: "24" },
    threads: { type: "string", default: "2" },
    json: { type: "boolean", default: false },
  },
});
const [count, threads] = [Number(flags.count), Number(flags.threads)];
const WARM_UP = 4;

/** Pictures as the bytes of their files, so that no disk is measured. */
async function readPictures(): Promise<{ source: string; files: Uint8Array[] }> {
  try {
    const names = (await readdir(flags.pictures)).filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
    const files = await Promise.all(
      names.slice(0, count).map((name) => readFile(join(flags.pictures, name))),
    );
    if (files.length > 0) return { source: flags.pictures, files };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const files: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const { picture } = generateScene(i, { width: 640, height: 480 });
    files.push(await encodePicture(picture, "jpeg"));
  }
  return { source: "generated scenes of 640 × 480 pixels", files };
}

/** A detector with first values: as fast as a trained one, but for the suppression of what it would find. */
function untrainedModel(): Uint8Array {
  const recipe = nanoRecipe();
  const { width, height } = recipe.config.input;
  const graph = new Graph();
  const scope = new Scope(graph, { training: true });
  yoloNet(scope, graph.input("pictures", [1, 3, height, width], "uint8"), recipe.config);
  return exportYolo(recipe.config, scope.set.initialValues(0), untrainedCard(recipe));
}

async function timePictures(model: string | Uint8Array, files: readonly Uint8Array[]) {
  const detector = await Detector.load(model, { threads });
  for (const file of files.slice(0, WARM_UP)) await detector.detect(file);
  const times: { total: number; decode: number; infer: number; detections: number }[] = [];
  for (const file of files) {
    const start = performance.now();
    const { timings, detections } = await detector.detect(file);
    times.push({
      total: performance.now() - start,
      decode: timings.decodeMs,
      infer: timings.inferMs,
      detections: detections.length,
    });
  }
  await detector.close();
  const middle = (part: keyof (typeof times)[number]) => median(times.map((time) => time[part]));
  return {
    total: middle("total"),
    decode: middle("decode"),
    infer: middle("infer"),
    detections: middle("detections"),
  };
}

/** Shares of the graph's kernels: before the first convolution, up to the last one, after it. */
async function profileParts(model: string | Uint8Array, files: readonly Uint8Array[]) {
  const folder = await mkdtemp(join(tmpdir(), "fovea-bench-"));
  const prefix = join(folder, "detect");
  const detector = await Detector.load(model, { threads, profile: prefix });
  for (const file of [...files.slice(0, WARM_UP), ...files]) await detector.detect(file);
  await detector.close();
  const nodes = await takeProfile(prefix, files.length);
  await rm(folder, { recursive: true });
  const isConv = ({ opType }: NodeTime) => opType.includes("Conv");
  const first = nodes.findIndex(isConv);
  const last = nodes.findLastIndex(isConv);
  const sum = (part: readonly NodeTime[]) => part.reduce((total, { ms }) => total + ms, 0);
  const total = sum(nodes);
  return {
    preprocess: sum(nodes.slice(0, first)) / total,
    net: sum(nodes.slice(first, last + 1)) / total,
    postprocess: sum(nodes.slice(last + 1)) / total,
  };
}

const { source, files } = await readPictures();
const model = positionals[0] ?? untrainedModel();
const times = await timePictures(model, files);
const shares = await profileParts(model, files);
const parts = {
  decode: times.decode,
  preprocess: times.infer * shares.preprocess,
  net: times.infer * shares.net,
  postprocess: times.infer * shares.postprocess,
  "whole detect()": times.total,
};
if (flags.json) {
  const detector = positionals[0] ?? "untrained";
  console.log(
    JSON.stringify({ source, pictures: files.length, detector, threads, milliseconds: parts }, undefined, 2),
  );
} else {
  console.table(
    Object.fromEntries(
      Object.entries(parts).map(([part, ms]) => [part, { "ms a picture": Number(ms.toFixed(2)) }]),
    ),
  );
  console.log(
    `${files.length} pictures: ${source}; ${positionals[0] ?? "untrained nano"}, ${threads} threads; median of ${times.detections} detections a picture.`,
  );
}
