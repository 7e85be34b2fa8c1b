// One training step of the FCN of bench/nets.ts in TensorFlow.js on its CPU back end: `node fcn.mjs BATCH LENGTH STEPS`.
// Prints the milliseconds of each step as JSON.

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";

const [batch, length, steps] = process.argv.slice(2).map(Number);
await tf.setBackend("cpu");
const net = sequential();
for (const [i, [filters, kernelSize]] of [
  [128, 7],
  [256, 5],
  [128, 3],
].entries()) {
  const input = i === 0 ? { inputShape: [length, 1] } : {};
  net.add(layers.conv1d({ filters, kernelSize, padding: "same", useBias: false, ...input }));
  net.add(layers.batchNormalization());
  net.add(layers.activation({ activation: "relu" }));
}
net.add(layers.globalAveragePooling1d());
net.add(layers.dense({ units: 2, activation: "softmax" }));
net.compile({ optimizer: tf.train.momentum(0.01, 0.9), loss: "categoricalCrossentropy" });
const x = tf.randomNormal([batch, length, 1], 0, 1, "float32", 1);
const classes = tf.oneHot(
  tf.tensor1d(
    Array.from({ length: batch }, (_, i) => i % 2),
    "int32",
  ),
  2,
);
const milliseconds = [];
for (let i = 0; i < steps; i++) {
  const start = performance.now();
  await net.trainOnBatch(x, classes);
  milliseconds.push(performance.now() - start);
}
console.log(JSON.stringify(milliseconds));
