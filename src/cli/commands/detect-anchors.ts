import { type Command, Option } from "commander";
import { FoveaError } from "../../core/index.ts";
import type { DetectionSample } from "../../data/index.ts";
import type { AnchorClusters, BoxShape } from "../../geometry/index.ts";
import { formatCount } from "../format.ts";
import { loadData, noteProblems } from "../load-data.ts";
import {
  addExamples,
  type FormatOptions,
  formatOption,
  type GlobalOptions,
  jsonOption,
  optionsOf,
  seedOption,
} from "../options.ts";
import { print, printJson } from "../output.ts";
import { integer, parsePath, parseSize, type Size } from "../parse.ts";
import { saveChart } from "../save-chart.ts";

interface Options extends GlobalOptions, FormatOptions {
  k: number;
  size?: Size;
  seed: number;
  out?: string;
  json?: boolean;
}

/** `fovea detect anchors`: anchor shapes for a data set, by k-means with the distance 1 − IoU. */
export function addDetectAnchors(detect: Command): void {
  const command = detect
    .command("anchors")
    .description("choose anchor shapes for a data set's training boxes, by k-means with distance 1 − IoU")
    .argument("<data>", "folder of the data set")
    .option("-k <n>", "number of anchors", integer(1, 1_000), 5)
    .addOption(
      new Option(
        "--size <size>",
        "input of the net that pictures are letterboxed to; anchors are in its pixels",
      )
        .argParser(parseSize)
        .default(undefined, "the pictures' own pixels"),
    )
    .addOption(formatOption())
    .addOption(seedOption())
    .option("--out <file>", "draw the shapes and their anchors: .svg, .png, .jpg or .webp", parsePath)
    .addOption(jsonOption())
    .action(async (data: string, _: unknown, command: Command) => {
      const { k, size, seed, out, json, ...options } = optionsOf<Options>(command);
      const dataset = await loadData(data, { ...options, seed });
      noteProblems(dataset, data, options);
      const { Random } = await import("../../core/index.ts");
      const { kMeansAnchors } = await import("../../geometry/index.ts");
      const shapes = boxShapes(dataset.splits.train, size);
      requireShapes(shapes, k, data);
      const clusters = kMeansAnchors(shapes, k, { random: new Random(seed) });
      if (out !== undefined) await drawAnchors(shapes, clusters, out);
      if (json) printJson(toJson(clusters));
      else print(await toText(clusters));
    });
  addExamples(command, [
    "fovea detect anchors cells/ -k 5",
    "fovea detect anchors cells/ -k 9 --size 416 --out anchors.png --json",
  ]);
}

/** Anchors are shapes that boxes have: there cannot be more of them. @throws FoveaError `anchor-count` */
function requireShapes(shapes: readonly BoxShape[], k: number, data: string): void {
  const distinct = new Set(shapes.map(([width, height]) => `${width} ${height}`)).size;
  if (k <= distinct) return;
  const remedy = distinct === 0 ? "label boxes there first" : `choose -k from 1 to ${distinct}`;
  throw new FoveaError(
    "anchor-count",
    `${data}: its training boxes have ${formatCount(distinct, "shape")}, too few for ${formatCount(k, "anchor")}; ${remedy}.`,
  );
}

/** Widths and heights of the labelled boxes, in their pictures' pixels or in those of the net's input. */
function boxShapes(samples: readonly DetectionSample[], input: Size | undefined): BoxShape[] {
  return samples.flatMap(({ width, height, boxes }) => {
    const scale = input === undefined ? 1 : Math.min(input.width / width, input.height / height);
    return boxes
      .filter(({ crowd }) => !crowd)
      .map(({ box: [x1, y1, x2, y2] }): BoxShape => [(x2 - x1) * scale, (y2 - y1) * scale]);
  });
}

async function drawAnchors(
  shapes: readonly BoxShape[],
  clusters: AnchorClusters,
  out: string,
): Promise<void> {
  const { anchorChart } = await import("../../report/index.ts");
  await saveChart(anchorChart(shapes, clusters.anchors, clusters.assignments), out);
}

function toJson({ anchors, meanBestIou, assignments }: AnchorClusters): unknown {
  return { anchors, meanBestIou, boxes: countMembers(anchors, assignments) };
}

async function toText({ anchors, meanBestIou, assignments }: AnchorClusters): Promise<string> {
  const { textTable } = await import("../../report/index.ts");
  const members = countMembers(anchors, assignments);
  const rows = anchors.map(([width, height], i) => [String(i + 1), width, height, members[i]]);
  const table = textTable(["anchor", "width", "height", "boxes"], rows);
  return `${table}\n\nmean IoU of a box with its best anchor: ${meanBestIou.toFixed(4)}`;
}

/** Number of boxes of each anchor. */
function countMembers(anchors: readonly BoxShape[], assignments: Int32Array): number[] {
  const counts = anchors.map(() => 0);
  for (const anchor of assignments) counts[anchor]++;
  return counts;
}
