import type { Command } from "commander";
import type { CocoResult, CocoStats } from "../../metrics/index.ts";
import { addExamples, jsonOption } from "../options.ts";
import { print, printJson } from "../output.ts";

/** `fovea metrics coco`: COCO's twelve figures, and the AP of every class. */
export function addMetricsCoco(metrics: Command): void {
  const command = metrics
    .command("coco")
    .description("COCO's twelve figures (average precision and recall of boxes), and AP by class")
    .argument("<ground-truth>", "COCO instances file (JSON)")
    .argument("<detections>", "COCO results file: [{image_id, category_id, bbox, score}, …]")
    .addOption(jsonOption())
    .action(async (groundTruth: string, detections: string, options: { json?: boolean }) => {
      const { evaluateCoco, readCocoEvaluation } = await import("../../metrics/index.ts");
      const { truth, detections: found } = await readCocoEvaluation(groundTruth, detections);
      const result = evaluateCoco(truth, found);
      if (options.json) printJson(toJson(result));
      else print(await toText(result));
    });
  addExamples(command, [
    "fovea metrics coco instances_val.json detections.json",
    "fovea metrics coco instances_val.json detections.json --json | jq .stats.AP50",
  ]);
}

function toJson({ stats, perClass }: CocoResult): unknown {
  return {
    stats,
    perClass: perClass.map(({ id, name, count, AP, AP50 }) => ({ id, name, count, AP, AP50 })),
  };
}

/** The figures in the order and wording in which COCO's own evaluator prints them. */
const ROWS: readonly [name: keyof CocoStats, iou: string, area: string, maxDetections: number][] = [
  ["AP", "0.50:0.95", "all", 100],
  ["AP50", "0.50", "all", 100],
  ["AP75", "0.75", "all", 100],
  ["APsmall", "0.50:0.95", "small", 100],
  ["APmedium", "0.50:0.95", "medium", 100],
  ["APlarge", "0.50:0.95", "large", 100],
  ["AR1", "0.50:0.95", "all", 1],
  ["AR10", "0.50:0.95", "all", 10],
  ["AR100", "0.50:0.95", "all", 100],
  ["ARsmall", "0.50:0.95", "small", 100],
  ["ARmedium", "0.50:0.95", "medium", 100],
  ["ARlarge", "0.50:0.95", "large", 100],
];

async function toText({ stats, perClass }: CocoResult): Promise<string> {
  const { textTable } = await import("../../report/index.ts");
  const figures = ROWS.map(([name, iou, area, limit]) => [
    name,
    iou,
    area,
    String(limit),
    figure(stats[name]),
  ]);
  const classes = perClass.map(({ name, count, AP, AP50 }) => [name, count, figure(AP), figure(AP50)]);
  return [
    textTable(["", "IoU", "area", "detections", "value"], figures),
    textTable(["class", "objects", "AP", "AP50"], classes),
  ].join("\n\n");
}

/** COCO writes −1 for a figure that does not exist; the table writes "–". */
function figure(value: number): number {
  return value < 0 ? Number.NaN : value;
}
