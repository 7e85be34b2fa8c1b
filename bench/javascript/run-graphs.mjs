// Runs TensorFlow graphs in TensorFlow.js: a list of cases (tools/golden/tfjs.ts) on stdin, what each gives on stdout.

import "@tensorflow/tfjs-backend-cpu";
import { readFileSync } from "node:fs";
import { loadGraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";

await tf.setBackend("cpu");

const dataTypes = { float32: "DT_FLOAT", int32: "DT_INT32", bool: "DT_BOOL" };

function bytesOf({ dtype, values }) {
  if (dtype === "float32") return Buffer.from(Float32Array.from(values).buffer);
  if (dtype === "int32") return Buffer.from(Int32Array.from(values).buffer);
  return Buffer.from(values);
}

async function run({ inputs, weights, nodes, outputs }) {
  const known = Object.entries(weights);
  const constants = known.map(([name, { dtype }]) => ({
    name,
    op: "Const",
    input: [],
    attr: { dtype: { type: dataTypes[dtype] } },
  }));
  const placeholders = Object.entries(inputs).map(([name, { shape, dtype }]) => ({
    name,
    op: "Placeholder",
    input: [],
    attr: { dtype: { type: dataTypes[dtype] }, shape: { shape: { dim: shape.map((size) => ({ size })) } } },
  }));
  const data = Buffer.concat(known.map(([, weight]) => bytesOf(weight)));
  const model = await loadGraphModel({
    load: async () => ({
      modelTopology: { node: [...constants, ...placeholders, ...nodes], versions: {} },
      weightSpecs: known.map(([name, { shape, dtype }]) => ({ name, shape, dtype })),
      weightData: data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength),
      signature: {},
    }),
  });
  const given = Object.fromEntries(
    Object.entries(inputs).map(([name, { values, shape, dtype }]) => [name, tf.tensor(values, shape, dtype)]),
  );
  const results = model.execute(given, outputs);
  return (Array.isArray(results) ? results : [results]).map((result) => ({
    shape: result.shape,
    values: Array.from(result.dataSync(), (value) => Number(Number(value).toPrecision(7))),
  }));
}

const answers = [];
for (const one of JSON.parse(readFileSync(0, "utf8"))) {
  answers.push(await run(one).catch((error) => String(error.message)));
}
process.stdout.write(JSON.stringify(answers));
