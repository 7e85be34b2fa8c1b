import { type Command, Option } from "commander";
import { type SplitChoice, splitOption } from "../data-split.ts";
import {
  addExamples,
  type FormatOptions,
  formatOption,
  type GlobalOptions,
  jsonOption,
  optionsOf,
  seedOption,
} from "../options.ts";
import { integer, parsePath } from "../parse.ts";
import { givenOf, noteWithoutEffect } from "../without-effect.ts";

/** Options of `fovea detect proposals`. */
export interface ProposalsOptions extends GlobalOptions, FormatOptions {
  out?: string;
  data?: string;
  split: SplitChoice;
  mode: "single" | "fast" | "quality";
  most: number;
  leastSide?: number;
  longerSide?: number;
  show: number;
  workers?: number;
  seed: number;
  json?: boolean;
}

/** `fovea detect proposals`: where objects may be, by selective search. */
export function addDetectProposals(detect: Command): void {
  const command = detect
    .command("proposals")
    .description("segment pictures into blobs and propose regions that may hold an object: selective search")
    .argument(
      "[files...]",
      "pictures, folders of pictures, or glob patterns (default: the pictures of --data)",
    )
    .option("--out <dir>", "write blobs/, regions/ with the best ones drawn, and proposals.json", parsePath)
    .option("--data <dir>", "labelled data set: report how well the regions cover its objects", parsePath)
    .addOption(splitOption("all"))
    .addOption(
      new Option("--mode <mode>", "ways to segment and to group: one, 8 or 80")
        .choices(["single", "fast", "quality"])
        .default("fast"),
    )
    .option("--most <n>", "at most so many regions of a picture", integer(1), 2_000)
    .option("--least-side <pixels>", "leave out regions with a shorter side (default: 8)", integer(0))
    .option("--longer-side <pixels>", "shrink larger pictures for the search (default: 500)", integer(16))
    .option("--show <n>", "regions to draw where there are no labels, the best first", integer(0, 10_000), 20)
    .option("--workers <n>", "threads, one picture each (default: one per core)", integer(1, 256))
    .addOption(formatOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (files: string[], _: unknown, command: Command) => {
      const options = optionsOf<ProposalsOptions>(command);
      if (files.length === 0 && options.data === undefined) {
        command.error("error: missing argument 'files': give pictures, or a labelled data set with --data");
      }
      if (options.data === undefined)
        noteWithoutEffect(givenOf(command, ["split", "format"]), "without --data", options);
      if (options.out === undefined)
        noteWithoutEffect(givenOf(command, ["show"]), "without --out: nothing is drawn", options);
      const { proposalsCommand } = await import("./proposal-files.ts");
      await proposalsCommand(files, options);
    });
  addExamples(command, [
    "fovea detect proposals street.jpg --out out/",
    "fovea detect proposals --data cells/ --split val --mode quality",
    "fovea detect proposals 'cells/images/*.jpg' --data cells/ --out out/ --json",
  ]);
}
