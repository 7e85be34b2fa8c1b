import { parseArgs } from "node:util";
import { Random, type Tensor } from "../src/core/index.ts";
import { compareSliding, SlidingClassifier } from "../src/detect/windows/index.ts";
import { exportWindows, windowNet } from "../src/detect/windows/net.ts";
import { Graph } from "../src/graph/index.ts";
import { Scope } from "../src/nn/index.ts";

// Both ways of sliding the classifier of `fovea windows train` over one picture: one pass for each window, in batches
// of 64, and one pass for all. Exits with 1 unless scores agree to 1e-5 and one pass is 20 times as fast.

const { values } = parseArgs({
  options: {
    width: { type: "string", default: "640" },
    height: { type: "string", default: "480" },
    window: { type: "string", default: "64" },
    threads: { type: "string" },
    repeats: { type: "string", default: "3" },
  },
});
const [width, height, side] = [values.width, values.height, values.window].map(Number);
const random = new Random(1);
const classifier = SlidingClassifier.open(randomClassifier(side), {
  threads: values.threads ? Number(values.threads) : undefined,
});
const data = Uint8Array.from({ length: 3 * width * height }, () => random.integer(256));
const picture: Tensor = { dtype: "uint8", shape: [1, 3, height, width], data };
const result = await compareSliding(classifier, picture, Number(values.repeats));
await classifier.close();
console.log(JSON.stringify(result, null, 2));
process.exitCode = result.largestDifference <= 1e-5 && result.speedUp >= 20 ? 0 : 1;

/** The classifier with parameters as training begins with: what it says does not matter here. */
function randomClassifier(side: number): Uint8Array {
  const scope = new Scope(new Graph(), { training: true });
  windowNet(scope, scope.graph.input("windows", [2, 3, side, side], "uint8"), 3);
  const card = {
    task: "windows" as const,
    classes: ["a", "b", "c"],
    window: { width: side, height: side },
    filled: 0.8,
    sizes: [0.1],
    scoreThreshold: 0.5,
    iouThreshold: 0.3,
    trainedOn: "",
    version: "",
  };
  return exportWindows(card, scope.set.initialValues(1));
}
