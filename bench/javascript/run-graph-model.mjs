// Runs a TensorFlow.js graph model (WebAssembly): `{ model, inputs: [{ name, file, shape, dtype }], outputs }` on stdin,
// where files hold float32; the outputs of each input on stdout.

import "@tensorflow/tfjs-backend-wasm";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { loadGraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";

const require = createRequire(import.meta.url);
setWasmPaths(`${join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist")}/`);
await tf.setBackend("wasm");

const { model: path, inputs, outputs } = JSON.parse(readFileSync(0, "utf8"));
const json = JSON.parse(readFileSync(path, "utf8"));
const groups = json.weightsManifest;
const data = Buffer.concat(
  groups.flatMap(({ paths }) => paths.map((name) => readFileSync(join(dirname(path), name)))),
);
const model = await loadGraphModel({
  load: async () => ({
    ...json,
    weightSpecs: groups.flatMap(({ weights }) => weights),
    weightData: data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength),
  }),
});
const answers = [];
for (const { name, file, shape, dtype } of inputs) {
  const bytes = readFileSync(file);
  const floats = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const x = tf.tensor(dtype === "int32" ? Int32Array.from(floats) : floats, shape, dtype);
  const results = await model.executeAsync({ [name]: x }, outputs);
  const list = Array.isArray(results) ? results : [results];
  answers.push(list.map((result) => ({ shape: result.shape, values: Array.from(result.dataSync()) })));
  x.dispose();
}
process.stdout.write(JSON.stringify(answers));
