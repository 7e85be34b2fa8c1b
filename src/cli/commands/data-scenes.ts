import { type Command, Option } from "commander";
import { FoveaError } from "../../core/index.ts";
import type { DetectionFormat, WrittenScenes } from "../../data/index.ts";
import { INTERRUPTED } from "../failure.ts";
import { formatCount } from "../format.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { requireEmptyFolder } from "../new-folder.ts";
import { addExamples, FORMATS, type GlobalOptions, jsonOption, optionsOf, seedOption } from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { integer, number, parseSceneSize, type Size } from "../parse.ts";
import { createProgress } from "../progress.ts";

interface Options extends GlobalOptions {
  count: number;
  seed: number;
  size: Size;
  val: number;
  maxObjects?: number;
  empty?: number;
  format: DetectionFormat;
  json?: boolean;
}

/** `fovea data scenes`: a data set of drawn scenes, labelled exactly. */
export function addDataScenes(data: Command): void {
  const command = data
    .command("scenes")
    .description("generate a data set of drawn street scenes with pedestrians, cars and motorcycles")
    .argument("<out>", "new folder for the data set")
    .option("--count <n>", "number of pictures", integer(1, 1_000_000), 600)
    .addOption(seedOption())
    .addOption(
      new Option("--size <size>", "size of the pictures in pixels")
        .argParser(parseSceneSize)
        .default({ width: 320, height: 256 }, "320x256"),
    )
    .option("--val <share>", "share of the pictures for validation", number(0, 0.9), 0.2)
    .option("--max-objects <n>", "most objects in a picture (default: 8)", integer(0, 100))
    .option("--empty <share>", "share of pictures without any object (default: 0.05)", number(0, 1))
    .addOption(new Option("--format <format>", "format of the labels").choices(FORMATS).default("yolo"))
    .addOption(jsonOption())
    .action(async (out: string, _: unknown, command: Command) => {
      const options = optionsOf<Options>(command);
      await requireEmptyFolder(out);
      await report(out, await draw(out, options), options);
    });
  addExamples(command, [
    "fovea data scenes scenes/ --count 600 --seed 1",
    "fovea data scenes single/ --count 1200 --max-objects 1 --empty 0.15",
  ]);
}

async function draw(out: string, options: Options): Promise<WrittenScenes> {
  const { count, seed, size, val, maxObjects, empty, format, quiet } = options;
  const { writeScenes } = await import("../../data/index.ts");
  const progress = createProgress({ label: "Drawing", total: count, quiet });
  const interrupt = listenForInterrupt(() => note("Stopping after this picture.", options));
  try {
    return await writeScenes(out, {
      count,
      seed,
      ...size,
      valFraction: val,
      maxObjects,
      emptyShare: empty,
      format,
      onProgress: ({ done }) => progress.update(done, `${done} of ${count} pictures`),
      signal: interrupt.signal,
    });
  } catch (error) {
    if (error !== interrupt.signal.reason) throw error;
    throw new FoveaError(
      INTERRUPTED,
      `Stopped before all of ${formatCount(count, "picture")} were drawn, and kept none; run the command again.`,
    );
  } finally {
    progress.done();
    interrupt.dispose();
  }
}

async function report(out: string, written: WrittenScenes, { format, json }: Options): Promise<void> {
  const { sceneClasses } = await import("../../data/index.ts");
  const { train, val, objects } = written;
  if (json) {
    const counts = Object.fromEntries(sceneClasses.map((name, index) => [name, objects[index]]));
    printJson({ out, format, train, val, objects: counts });
    return;
  }
  const counted = sceneClasses.map((name, index) => formatCount(objects[index], name)).join(", ");
  print(
    `${out}: ${formatCount(train, "picture")} to train on, ${val.toLocaleString("en-US")} to validate on; ${counted}`,
  );
}
