import type { Command } from "commander";
import { addExamples } from "../options.ts";
import { addMetricsCoco } from "./metrics-coco.ts";
import { addMetricsVoc } from "./metrics-voc.ts";

/** `fovea metrics …`: measure detections that are stored in files. */
export function addMetricsCommands(program: Command): void {
  const metrics = program.command("metrics").description("measure stored detections against ground truth");
  addExamples(metrics, ["fovea metrics coco instances_val.json detections.json"]);
  addMetricsCoco(metrics);
  addMetricsVoc(metrics);
}
