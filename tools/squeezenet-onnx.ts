import { writeFile } from "node:fs/promises";
import { encodeModel, orderedNodes, type Value } from "../src/graph/index.ts";
import { cardToMetadata } from "../src/models/index.ts";
import { readNpz } from "../test/graph/read-npz.ts";
import { squeezenet } from "../test/graph/squeezenet.ts";

/**
 * Writes SqueezeNet 1.1 as an `.onnx` file from its weights (an .npz with arrays named as in test/graph/squeezenet.ts):
 * a stand-in for the backbone that a user brings.
 *
 *     npx tsx tools/squeezenet-onnx.ts squeezenet_v1.1_fp16.npz squeezenet.onnx
 */
const [weights, out] = process.argv.slice(2);
if (!out) throw new Error("Usage: npx tsx tools/squeezenet-onnx.ts <weights.npz> <out.onnx>");
const { logits } = squeezenet(readNpz(weights));
const nodes = orderedNodes([logits]);
const outputs: Record<string, Value> = { logits };
// Tensors bear the names of the modules that make them.
outputs.conv1 = nodes.find(({ operator }) => operator.opType === "Relu")!.outputs[0];
const joined = nodes.filter(({ operator }) => operator.opType === "Concat");
for (const [i, { outputs: values }] of joined.entries()) outputs[`fire${i + 2}`] = values[0];
await writeFile(out, encodeModel({ outputs, metadata: cardToMetadata({ pixels: "caffe" }) }));
