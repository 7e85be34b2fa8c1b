import type { Command } from "commander";
import { FoveaError, keepInputs } from "../../core/index.ts";
import type { DatasetSummary, DetectionDataset, Problem, SplitName } from "../../data/index.ts";
import { formatCount } from "../format.ts";
import { loadAnyData } from "../load-data.ts";
import { channelsOption, noteIdleOptions } from "../load-examples.ts";
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
import { parsePath } from "../parse.ts";
import { givenOf, noteWithoutEffect } from "../without-effect.ts";
import { checkExamples } from "./data-check-examples.ts";

interface Options extends GlobalOptions, FormatOptions {
  seed: number;
  channels?: number;
  out?: string;
  strict?: boolean;
  json?: boolean;
}

/** `fovea data check`: what a data set holds and what is wrong with it. */
export function addDataCheck(data: Command): void {
  const command = data
    .command("check")
    .description("read a data set as training would; count it and list what is wrong")
    .argument(
      "<dir>",
      "folder of the data set: Pascal VOC, COCO or YOLO; or data to classify: folders named after classes, .tar, .tsv, .csv, .npz",
    )
    .addOption(formatOption())
    .addOption(channelsOption())
    .addOption(seedOption())
    .option("--out <file>", "draw a sheet of pictures with their boxes: .jpg, .png or .webp", parsePath)
    .option("--strict", "exit with 1 if anything is wrong")
    .addOption(jsonOption())
    .action(async (dir: string, _: unknown, command: Command) => {
      const options = optionsOf<Options>(command);
      const dataset = await loadAnyData(dir, options);
      let problems: Problem[];
      if ("kind" in dataset) {
        noteIdleOptions(command, dir, dataset, options);
        requireBoxes(dir, dataset.kind, options.out);
        problems = await checkExamples(dataset, options);
      } else {
        noteWithoutEffect(
          givenOf(command, ["channels"]),
          `on ${dir}, which has pictures with boxes`,
          options,
        );
        problems = await checkBoxes(dataset, options);
      }
      if (options.strict && problems.length > 0) {
        const count = formatCount(problems.length, "problem");
        throw new FoveaError("dataset-problems", `${dir} has ${count}, and --strict allows none.`);
      }
    });
  addExamples(command, [
    "fovea data check cells/ --out sheet.jpg",
    "fovea data check cells/ --format voc --json",
    "fovea data check leaves/",
  ]);
}

function requireBoxes(dir: string, kind: string, out: string | undefined): void {
  if (out === undefined) return;
  throw new FoveaError(
    "dataset-format",
    `${dir} has ${kind} to classify, and the sheet of --out shows pictures with boxes; leave out --out ${out}.`,
  );
}

async function checkBoxes(dataset: DetectionDataset, { out, seed, json }: Options): Promise<Problem[]> {
  if (out !== undefined) {
    const pictures = Object.values(dataset.splits).flatMap((split) => split.map(({ path }) => path));
    keepInputs(out, pictures, "by the sheet; name another file with --out.");
  }
  const { datasetSheet, describeDataset } = await import("../../data/index.ts");
  const summary = describeDataset(dataset);
  if (out !== undefined) {
    const { savePicture } = await import("../../image/index.ts");
    await savePicture(await datasetSheet(dataset, { seed }), out);
  }
  if (json) printJson({ ...summary, problemDetails: dataset.problems });
  else print(await toText(summary, dataset));
  return dataset.problems;
}

const FORMAT_TITLES = { voc: "Pascal VOC", coco: "COCO", yolo: "YOLO" } as const;

async function toText(summary: DatasetSummary, { problems }: DetectionDataset): Promise<string> {
  const { formatProblems } = await import("../../data/index.ts");
  const { textTable } = await import("../../report/index.ts");
  const { root, format, fingerprint, splits, classes } = summary;
  const names = (Object.keys(splits) as SplitName[]).filter((name) => splits[name].pictures > 0);
  const splitRows = names.map((name) => [
    name,
    splits[name].pictures,
    splits[name].boxes,
    splits[name].background,
  ]);
  const classRows = classes.map(({ name, boxes, pictures, splits }) => [
    name,
    boxes,
    pictures,
    ...names.map((split) => splits[split]),
  ]);
  return [
    `${root}: ${FORMAT_TITLES[format]}, ${splitText(summary)}, fingerprint ${fingerprint.slice(0, 16)}`,
    textTable(["split", "pictures", "boxes", "without boxes"], splitRows),
    textTable(["class", "boxes", "pictures", ...names], classRows),
    ...(await sizeTables(summary)),
    problems.length === 0 ? "No problems." : `Problems:\n${indent(formatProblems(problems))}`,
  ].join("\n\n");
}

function splitText({ splitSource }: DatasetSummary): string {
  if (splitSource === "files") return "splits from its files";
  const { seed, valFraction } = splitSource;
  return `${Math.round(valFraction * 100)} % drawn for validation with seed ${seed}`;
}

async function sizeTables({ pictures, boxes }: DatasetSummary): Promise<string[]> {
  if (pictures === undefined || boxes === undefined) return [];
  const { formatNumber, textTable } = await import("../../report/index.ts");
  const rows = [
    ["picture width", pictures.width],
    ["picture height", pictures.height],
    ["box width ÷ picture's", boxes.relativeWidth],
    ["box height ÷ picture's", boxes.relativeHeight],
    ["box width ÷ height", boxes.aspectRatio],
  ] as const;
  const cells = rows.map(([name, { min, p25, median, p75, max }]) => [
    name,
    ...[min, p25, median, p75, max].map(formatNumber),
  ]);
  return [textTable(["size", "least", "25 %", "median", "75 %", "most"], cells)];
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}
