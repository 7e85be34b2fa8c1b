import { type Command, Option } from "commander";
import type { VocResult } from "../../metrics/index.ts";
import { addExamples, jsonOption } from "../options.ts";
import { print, printJson } from "../output.ts";
import { number } from "../parse.ts";
import { type BoxLayout, readVocText } from "./voc-text.ts";

interface Options {
  iou: number;
  boxes: BoxLayout;
  continuous?: boolean;
  json?: boolean;
}

/** `fovea metrics voc`: Pascal VOC's average precision of detections in text files. */
export function addMetricsVoc(metrics: Command): void {
  const command = metrics
    .command("voc")
    .description("Pascal VOC's average precision, eleven-point and every-point, of detections in text files")
    .argument("<truth-dir>", "a text file per picture, lines `class x y width height [difficult]`")
    .argument("<detections-dir>", "files of the same names, lines `class score x y width height`")
    .option("--iou <threshold>", "a detection is right from this IoU on", number(0, 1), 0.5)
    .addOption(
      new Option("--boxes <layout>", "what a box's four numbers are: x y width height, or x1 y1 x2 y2")
        .choices(["xywh", "xyxy"])
        .default("xywh"),
    )
    .option("--continuous", "width = x2 − x1, instead of VOC's own x2 − x1 + 1")
    .addOption(jsonOption())
    .action(async (truthFolder: string, detectionFolder: string, options: Options) => {
      const { evaluateVoc } = await import("../../metrics/index.ts");
      const input = await readVocText(truthFolder, detectionFolder, options.boxes);
      const result = evaluateVoc(input, {
        iouThreshold: options.iou,
        inclusivePixels: options.continuous !== true,
      });
      if (options.json) printJson({ iouThreshold: options.iou, ...result });
      else print(await toText(result, options.iou));
    });
  addExamples(command, [
    "fovea metrics voc groundtruths/ detections/",
    "fovea metrics voc groundtruths/ detections/ --iou 0.75 --json",
  ]);
}

async function toText(result: VocResult, iou: number): Promise<string> {
  const { textTable } = await import("../../report/index.ts");
  const rows = result.perClass.map(({ name, count, elevenPoint, everyPoint }) => [
    name,
    count,
    elevenPoint,
    everyPoint,
  ]);
  const total = result.perClass.reduce((sum, { count }) => sum + count, 0);
  return textTable(
    [`AP at IoU ${iou}`, "objects", "11-point", "every-point"],
    [...rows, ["mean", total, result.elevenPoint, result.everyPoint]],
  );
}
