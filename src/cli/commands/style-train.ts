import { join } from "node:path";
import { type Command, Option } from "commander";
import type { StyleRun } from "../../style/index.ts";
import { formatCount, formatDuration } from "../format.ts";
import {
  addExamples,
  deviceOption,
  type EngineOptions,
  type GlobalOptions,
  jsonOption,
  optionsOf,
  pixelsOption,
  seedOption,
  threadsOption,
} from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { integer, number, parseDuration, parsePath } from "../parse.ts";
import { requireRunFolder } from "../run-folder.ts";
import { runTraining } from "../run-training.ts";
import { resumeOption } from "../training-options.ts";

interface Options extends GlobalOptions, EngineOptions {
  data: string[];
  out: string;
  time?: number;
  steps?: number;
  size?: number;
  batch?: number;
  width?: number;
  styleScale?: number;
  contentWeight?: number;
  styleWeight?: number;
  tvWeight?: number;
  lightWeight?: number;
  backbone?: string;
  pixels?: string;
  lr?: number;
  seed: number;
  resume?: boolean;
  json?: boolean;
}

/** `fovea style train`: a net that paints in one style at once. */
export function addStyleTrain(style: Command): void {
  const command = style
    .command("train")
    .description("train a net that paints in one style in a single pass; Ctrl-C saves, --resume goes on")
    .argument("<style>", "the picture whose manner is learned")
    .addOption(
      new Option("--data <paths...>", "folders or files of photographs to learn on").makeOptionMandatory(),
    )
    .addOption(
      new Option("--out <dir>", "folder for best.onnx and the run's records")
        .argParser(parsePath)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--time <duration>", "time to train, such as 30m or 1h30m (default: 40m)").argParser(
        parseDuration,
      ),
    )
    .addOption(
      new Option("--steps <n>", "steps to train, instead of --time")
        .argParser(integer(1, 10_000_000))
        .conflicts("time"),
    )
    .option("--size <pixels>", "side of the squares that it learns from (default: 256)", integer(64, 2048))
    .option("--batch <n>", "squares in a step (default: 1)", integer(1, 256))
    .option(
      "--width <n>",
      "channels at full resolution: more paint better and slower (default: 16)",
      integer(4, 128),
    )
    .option("--style-scale <n>", "size of strokes relative to the squares (default: 1.5)", number(0.1, 10))
    .option(
      "--content-weight <n>",
      "α: more keeps shapes, less lets the style take over (default: 0.05)",
      number(0),
    )
    .option("--style-weight <n>", "β: how much the style counts (default: 1)", number(0))
    .option(
      "--tv-weight <n>",
      "smoothness: weight of differences between neighbouring pixels (default: 6)",
      number(0),
    )
    .option(
      "--light-weight <n>",
      "how much it counts that light and dark stay in their places (default: 0.4)",
      number(0),
    )
    .option("--backbone <name>", "the net whose features are compared (default: coco)", parsePath)
    .addOption(pixelsOption("an .onnx file as backbone"))
    .option("--lr <rate>", "highest learning rate (default: 0.002)", number(1e-8, 10))
    .addOption(resumeOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (picture: string, _: unknown, command: Command) => {
      const options = optionsOf<Options>(command);
      await requireRunFolder(options, command, ["steps"]);
      const { trainStyle } = await import("../../style/index.ts");
      const { time, batch, lr, ...rest } = options;
      const run = await runTraining(command, options, (hooks) =>
        trainStyle({
          ...hooks,
          ...rest,
          style: picture,
          timeMs: time,
          batchSize: batch,
          learningRate: lr,
          onProblem: ({ detail }) => note(detail, options),
        }),
      );
      report(run, options);
    });
  addExamples(command, [
    "fovea style train starry.jpg --data photos/ --out runs/starry",
    "fovea style tower.jpg --model runs/starry/best.onnx --out night.png",
  ]);
}

function report({ ending, best, report, notes, recipe }: StyleRun, { out, json }: Options): void {
  const { loss, content, style, variation, light, step = 0 } = notes.records.at(-1) ?? {};
  const seconds = notes.elapsedMs / 1_000;
  if (json) {
    printJson({ ending, best, report, steps: step, seconds, loss, content, style, variation, light, recipe });
    return;
  }
  const lines = [
    `${formatCount(step, "step")} in ${formatDuration(notes.elapsedMs)}, loss ${loss?.toFixed(4)}`,
    `model:  ${join(out, "best.onnx")}`,
  ];
  if (report) lines.push(`report: ${join(out, "report.html")}`);
  print(lines.join("\n"));
}
