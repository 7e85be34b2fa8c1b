/** Prints the cases as JSON, for tools/golden/yolo_gradients.py. */
import { writeYoloCase } from "../../tools/pytorch/case.ts";
import { yoloCases } from "./yolo-gradients.cases.ts";

const entries = Object.entries(yoloCases).map(
  ([name, yoloCase]) => `${JSON.stringify(name)}:${writeYoloCase(yoloCase)}`,
);
process.stdout.write(`{${entries.join(",")}}`);
