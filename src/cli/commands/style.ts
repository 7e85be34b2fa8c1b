import { type Command, Option } from "commander";
import { firstFree } from "../new-file.ts";
import {
  addExamples,
  deviceOption,
  type EngineOptions,
  type GlobalOptions,
  givenBeside,
  jsonOption,
  optionsOf,
  pixelsOption,
  refuseEarlyOptions,
  seedOption,
  threadsOption,
} from "../options.ts";
import { integer, number, parseDuration, parsePath } from "../parse.ts";
import { parseNumbers, parseWeights } from "../parse-weights.ts";
import { addStyleTrain } from "./style-train.ts";

/** Options of `fovea style` itself. */
export interface StyleCommandOptions extends GlobalOptions, EngineOptions {
  out: string;
  size?: number;
  model?: string;
  backbone?: string;
  pixels?: string;
  pool?: "max" | "average";
  recipe: string;
  contentWeight?: number;
  styleWeight?: number;
  tvWeight?: number;
  paletteWeight?: number;
  matchColors?: boolean;
  styleLayers?: { name: string; weight: number }[];
  contentLayers?: { name: string; weight: number }[];
  blend?: number[];
  mask?: string[];
  styleScale?: number;
  keepColors?: boolean;
  init: "content" | "noise" | "style";
  optimizer: "lbfgs" | "adam";
  iterations?: number;
  time?: number;
  scales?: number;
  tile?: number;
  snapshots?: number;
  strip?: string;
  seed: number;
  json?: boolean;
}

/** Where the result goes when nobody says. */
const USUAL_OUT = "styled.png";

/** What a painter can be told; all else is in what it has learned. */
const WITH_MODEL = new Set(["out", "size", "model", "keepColors", "json", "threads", "device", "quiet"]);

function refuseWithModel(command: Command): void {
  const [given] = givenBeside(command, WITH_MODEL);
  if (given !== undefined) {
    command.error(
      `error: ${given} has no effect with --model, which paints as it has learned to; leave one of them out`,
    );
  }
}

/** `fovea style …`: one picture in the manner of another. */
export function addStyleCommands(program: Command): void {
  const style = program
    .command("style")
    .description("paint a picture in the manner of others; Ctrl-C saves the picture so far")
    .usage(
      "[options] <content> <styles...>\n       fovea style [options] <content> --model <file>\n       fovea style train …",
    )
    .argument("<content>", "the picture that is shown")
    .argument("[styles...]", "pictures whose manner is taken")
    .addOption(
      new Option("--out <file>", "the result: a .png, .jpg or .webp")
        .argParser(parsePath)
        .default(USUAL_OUT, `${USUAL_OUT}, or where that exists the first free of styled-2.png, …`),
    )
    .option(
      "--size <pixels>",
      "longer side of the result (default: 512; with --model the content's own, at most 2048)",
      integer(16, 16_384),
    )
    .option(
      "--model <file>",
      "a best.onnx made by `fovea style train`: done in a fraction of a second",
      parsePath,
    )
    .option(
      "--backbone <name>",
      "the net whose features are compared: fovea-plain (default), fovea-nano, coco, or an .onnx file",
      parsePath,
    )
    .addOption(pixelsOption("the .onnx file"))
    .addOption(
      new Option(
        "--pool <how>",
        "between the net's stages: maxima, or means for smoother pictures (default: the recipe's)",
      ).choices(["max", "average"]),
    )
    .addOption(
      new Option("--recipe <name>", "how the cost is made: fovea, or gatys for the textbook's")
        .choices(["fovea", "gatys"])
        .default("fovea"),
    )
    .option(
      "--content-weight <n>",
      "α: more keeps shapes, less lets the style take over (default: the recipe's, 0.05)",
      number(0),
    )
    .option("--style-weight <n>", "β: how much the style counts (default: the recipe's, 1)", number(0))
    .option(
      "--tv-weight <n>",
      "smoothness: weight of differences between neighbouring pixels (default: the recipe's, 6)",
      number(0),
    )
    .option(
      "--palette-weight <n>",
      "weight of the pixels' own colours among the style layers (default: the recipe's, 1)",
      number(0),
    )
    .option("--no-match-colors", "leave the content's colours to the cost instead of matching them first")
    .option(
      "--style-layers <list>",
      "names with weights, such as stage2.1=1,stage3.1@2=2: the latter of the picture at half its size",
      parseWeights,
    )
    .option("--content-layers <list>", "names with weights", parseWeights)
    .option("--blend <list>", "weights of several styles, such as 2,1", parseNumbers)
    .option("--mask <file...>", "where each style goes: grey pictures in the styles' order, white for wholly")
    .option("--style-scale <n>", "size of strokes: 2 twice as large, 0.5 half", number(0.05, 20))
    .option("--keep-colors", "keep the content's colours; take strokes and lightness only")
    .addOption(
      new Option("--init <what>", "the first picture")
        .choices(["content", "noise", "style"])
        .default("content"),
    )
    .addOption(
      new Option("--optimizer <name>", "how pixels are moved").choices(["lbfgs", "adam"]).default("lbfgs"),
    )
    .option("--iterations <n>", "steps, over all scales together (default: 300)", integer(1, 1_000_000))
    .addOption(
      new Option("--time <duration>", "time to paint, such as 90s or 5m, instead of --iterations")
        .argParser(parseDuration)
        .conflicts("iterations"),
    )
    .option(
      "--scales <n>",
      "sizes to grow through, each twice the one before (default: from 128 pixels)",
      integer(1, 12),
    )
    .option(
      "--tile <pixels>",
      "side of the windows that large pictures are computed in (default: 512 above 0.9 megapixels)",
      integer(64, 16_384),
    )
    .option(
      "--snapshots <n>",
      "write the picture so far to --out after every n steps (default: 50)",
      integer(1),
    )
    .option(
      "--strip <file>",
      "write the progress as one picture, from the first snapshot to the result",
      parsePath,
    )
    .addOption(seedOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (content: string, styles: string[], _: unknown, command: Command) => {
      const options = optionsOf<StyleCommandOptions>(command);
      if (styles.length === 0 && options.model === undefined) {
        command.error(
          `error: missing the style for '${content}': name one or more pictures, or a --model; the sub-command is train`,
        );
      }
      if (options.model !== undefined) refuseWithModel(command);
      if (command.getOptionValueSource("out") === "default") options.out = firstFree(USUAL_OUT);
      const { styleCommand } = await import("./style-picture.ts");
      await styleCommand(content, styles, options);
    })
    .hook("preSubcommand", refuseEarlyOptions);
  addExamples(style, [
    "fovea style tower.jpg starry.jpg --out night.png",
    "fovea style tower.jpg starry.jpg scream.jpg --blend 2,1 --size 1024 --time 5m",
    "fovea style tower.jpg starry.jpg --keep-colors --content-weight 0.1",
    "fovea style tower.jpg --model runs/starry/best.onnx --out night.png",
  ]);
  addStyleTrain(style);
}
