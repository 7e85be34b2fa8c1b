import { type Command, Option } from "commander";
import type { SlidingComparison } from "../../detect/windows/index.ts";
import { classifierUse, requireModel } from "../model-names.ts";
import {
  addExamples,
  deviceOption,
  type EngineOptions,
  type GlobalOptions,
  jsonOption,
  optionsOf,
  seedOption,
  threadsOption,
} from "../options.ts";
import { print, printJson } from "../output.ts";
import { integer, parseSize, type Size } from "../parse.ts";

interface Options extends GlobalOptions, EngineOptions {
  size: Size;
  window?: Size;
  repeats: number;
  seed: number;
  json?: boolean;
}

/** `fovea windows bench`: what both ways of sliding cost. */
export function addWindowsBench(windows: Command): void {
  const command = windows
    .command("bench")
    .description(
      "slide a classifier both ways over a picture of noise: windows, operations, time, and whether they agree",
    )
    .argument(
      "<model>",
      "a best.onnx of `fovea windows train`, or any ONNX classifier [N, 3, height, width] → [N, classes]",
    )
    .addOption(
      new Option("--size <size>", "size of the picture in pixels")
        .argParser(parseSize)
        .default({ width: 640, height: 480 }, "640x480"),
    )
    .addOption(
      new Option(
        "--window <size>",
        "size of the classifier's input, where its file leaves it open",
      ).argParser(parseSize),
    )
    .option("--repeats <n>", "passes of each way, of which the median counts", integer(1, 1000), 3)
    .addOption(seedOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (model: string, _: unknown, command: Command) => {
      const options = optionsOf<Options>(command);
      const comparison = await compare(model, options);
      if (options.json) printJson(comparison);
      else print(await toText(comparison));
    });
  addExamples(command, [
    "fovea windows bench runs/cars/best.onnx --size 640x480",
    "fovea windows bench resnet18.onnx --window 224 --size 640x480 --repeats 1",
  ]);
}

async function compare(
  model: string,
  { size, window, repeats, seed, threads, device }: Options,
): Promise<SlidingComparison> {
  await requireModel(model, classifierUse);
  const { compareSliding, SlidingClassifier } = await import("../../detect/windows/index.ts");
  const { openModelFile } = await import("../../models/index.ts");
  const { Random } = await import("../../core/index.ts");
  const { bytes } = await openModelFile(model);
  const classifier = SlidingClassifier.open(bytes, { window, threads, device });
  const random = new Random(seed);
  const length = 3 * size.width * size.height;
  const data =
    classifier.dtype === "uint8"
      ? Uint8Array.from({ length }, () => random.integer(256))
      : Float32Array.from({ length }, () => random.next());
  try {
    const shape = [1, 3, size.height, size.width];
    return await compareSliding(classifier, { dtype: classifier.dtype, shape, data }, repeats);
  } finally {
    await classifier.close();
  }
}

async function toText(comparison: SlidingComparison): Promise<string> {
  const { textTable } = await import("../../report/index.ts");
  const { width, height, stride, windows, exact, speedUp, largestDifference } = comparison;
  const giga = (flops: number) => (flops / 1e9).toFixed(2);
  const rows = [
    ["one pass each", windows, giga(comparison.naiveFlops), comparison.naiveMs.toFixed(0)],
    ["one pass for all", windows, giga(comparison.convolutionalFlops), comparison.convolutionalMs.toFixed(0)],
  ];
  const ratio = (comparison.naiveFlops / comparison.convolutionalFlops).toFixed(1);
  const agreement = `The scores differ by at most ${largestDifference.toExponential(1)}`;
  const why = exact
    ? "the net pads nothing."
    : "the net pads: a crop's convolutions see zeros beyond its border, those of the whole picture see what is there.";
  return [
    `${width}×${height} pixels, a window every ${stride}`,
    "",
    textTable(["windows", "number", "GFLOP", "ms"], rows),
    "",
    `One pass is ${speedUp.toFixed(1)} times as fast, with ${ratio} times fewer operations.`,
    `${agreement}: ${why}`,
  ].join("\n");
}
