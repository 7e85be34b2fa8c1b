import { type Command, Option } from "commander";
import { FoveaError } from "../../core/index.ts";
import type { DatasetAnchors } from "../../detect/index.ts";
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
      const { anchorsFor, boxShapes, distinctShapes } = await import("../../detect/index.ts");
      const { train } = dataset.splits;
      requireShapes(distinctShapes(boxShapes(train, size)), k, data);
      const clusters = anchorsFor(train, size, k, seed);
      if (out !== undefined) await drawAnchors(clusters, out);
      if (json) printJson(toJson(clusters));
      else print(await toText(clusters));
    });
  addExamples(command, [
    "fovea detect anchors cells/ -k 5",
    "fovea detect anchors cells/ -k 9 --size 416 --out anchors.png --json",
  ]);
}

/** Anchors are shapes that boxes have: there cannot be more of them. @throws FoveaError `anchor-count` */
function requireShapes(distinct: number, k: number, data: string): void {
  if (k <= distinct) return;
  const remedy = distinct === 0 ? "label boxes there first" : `choose -k from 1 to ${distinct}`;
  throw new FoveaError(
    "anchor-count",
    `${data}: its training boxes have ${formatCount(distinct, "shape")}, too few for ${formatCount(k, "anchor")}; ${remedy}.`,
  );
}

async function drawAnchors({ shapes, anchors, assignments }: DatasetAnchors, out: string): Promise<void> {
  const { anchorChart } = await import("../../report/index.ts");
  await saveChart(anchorChart(shapes, anchors, assignments), out);
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
