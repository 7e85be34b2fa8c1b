// Runs @vladmandic/face-api in TensorFlow.js (WebAssembly) on decoded pictures: a list of `{ file, width, height }` of raw
// RGB files and the folder of its weights on stdin; what it finds on stdout, and the milliseconds of each picture.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs");
const wasm = require("@tensorflow/tfjs-backend-wasm");
const faceApi = require("@vladmandic/face-api/dist/face-api.node-wasm.js");

wasm.setWasmPaths(`${join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist")}/`);
await tf.setBackend("wasm");
await tf.ready();

const { pictures, repeats = 1 } = JSON.parse(readFileSync(0, "utf8"));
const weights = join(dirname(require.resolve("@vladmandic/face-api/package.json")), "model");
for (const net of ["ssdMobilenetv1", "tinyFaceDetector", "faceLandmark68Net", "faceRecognitionNet"]) {
  await faceApi.nets[net].loadFromDisk(weights);
}

const boxOf = ({ x, y, width, height }) => [x, y, x + width, y + height];
const answers = [];
for (const { file, width, height } of pictures) {
  const picture = tf.tensor3d(Int32Array.from(readFileSync(file)), [height, width, 3], "int32");
  const times = { faces: [], described: [], tiny: [] };
  let faces;
  let tiny;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await faceApi.detectAllFaces(picture, new faceApi.SsdMobilenetv1Options({ minConfidence: 0.5 }));
    times.faces.push(performance.now() - start);
    const again = performance.now();
    faces = await faceApi
      .detectAllFaces(picture, new faceApi.SsdMobilenetv1Options({ minConfidence: 0.5 }))
      .withFaceLandmarks()
      .withFaceDescriptors();
    times.described.push(performance.now() - again);
    const third = performance.now();
    tiny = await faceApi.detectAllFaces(
      picture,
      new faceApi.TinyFaceDetectorOptions({ inputSize: 416, scoreThreshold: 0.5 }),
    );
    times.tiny.push(performance.now() - third);
  }
  answers.push({
    faces: faces.map(({ detection, landmarks, descriptor }) => ({
      score: detection.score,
      box: boxOf(detection.box),
      points: landmarks.positions.map(({ x, y }) => [x, y]),
      // The part that it describes, which is not its `alignedRect`.
      chip: boxOf(landmarks.align(null, { useDlibAlignment: true })),
      descriptor: Array.from(descriptor),
    })),
    tiny: tiny.map(({ score, box }) => ({ score, box: boxOf(box) })),
    times,
  });
  picture.dispose();
}
process.stdout.write(JSON.stringify(answers));
