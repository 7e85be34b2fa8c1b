// Describes faces that are cut out by @vladmandic/face-api in TensorFlow.js (WebAssembly): `{ file }` of raw RGB chips,
// 150 × 150, one after the other, on stdin; their descriptors on stdout.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs");
const wasm = require("@tensorflow/tfjs-backend-wasm");
const faceApi = require("@vladmandic/face-api/dist/face-api.node-wasm.js");

const SIDE = 150;

wasm.setWasmPaths(`${join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist")}/`);
await tf.setBackend("wasm");
await tf.ready();
await faceApi.nets.faceRecognitionNet.loadFromDisk(
  join(dirname(require.resolve("@vladmandic/face-api/package.json")), "model"),
);

const { file } = JSON.parse(readFileSync(0, "utf8"));
const bytes = readFileSync(file);
const size = SIDE * SIDE * 3;
const descriptors = [];
for (let at = 0; at < bytes.length; at += size) {
  const chip = tf.tensor3d(Int32Array.from(bytes.subarray(at, at + size)), [SIDE, SIDE, 3], "int32");
  descriptors.push(Array.from(await faceApi.nets.faceRecognitionNet.computeFaceDescriptor(chip)));
  chip.dispose();
}
process.stdout.write(JSON.stringify(descriptors));
