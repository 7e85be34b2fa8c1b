import { type Command, Option } from "commander";
import type { DetectionFormat, WrittenDataset } from "../../data/index.ts";
import { formatCount } from "../format.ts";
import { loadData, noteProblems } from "../load-data.ts";
import { requireEmptyFolder } from "../new-folder.ts";
import {
  addExamples,
  FORMATS,
  type FormatOptions,
  formatOption,
  type GlobalOptions,
  jsonOption,
  optionsOf,
  seedOption,
} from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { createProgress } from "../progress.ts";

interface Options extends GlobalOptions, FormatOptions {
  to: DetectionFormat;
  seed: number;
  json?: boolean;
}

/** `fovea data convert`: the same pictures and boxes in another format. */
export function addDataConvert(data: Command): void {
  const command = data
    .command("convert")
    .description("write a detection data set in another format; pictures are copied, splits kept")
    .argument("<dir>", "folder of the data set")
    .argument("<out>", "new folder for the result")
    .addOption(new Option("--to <format>", "format to write").choices(FORMATS).makeOptionMandatory())
    .addOption(formatOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (dir: string, out: string, _: unknown, command: Command) => {
      const { to, json, ...options } = optionsOf<Options>(command);
      await requireEmptyFolder(out);
      const dataset = await loadData(dir, options);
      noteProblems(dataset, dir, options);
      const { writeDetectionDataset } = await import("../../data/index.ts");
      const progress = createProgress({ label: "Copying", total: 1, quiet: options.quiet });
      const written = await writeDetectionDataset(dataset, out, to, {
        onProgress: (done, total) => progress.update(done / total, `${done} of ${total} pictures`),
      }).finally(progress.done);
      const losses = describeLosses(written.lost);
      if (losses) note(losses, options);
      if (json) printJson({ from: dataset.format, to, out, ...written });
      else
        print(
          `${out}: ${formatCount(written.pictures, "picture")}, ${formatCount(written.boxes, "box", "boxes")}`,
        );
    });
  addExamples(command, ["fovea data convert cells/ cells-coco/ --to coco"]);
}

/** What was lost, for people; empty if nothing was. */
function describeLosses({ crowds, pictures, difficult }: WrittenDataset["lost"]): string {
  return [
    crowds > 0 && `${formatCount(crowds, "crowd")} left out: YOLO has none`,
    pictures > 0 && `${formatCount(pictures, "picture")} with nothing else left out`,
    difficult > 0 &&
      `${formatCount(difficult, "difficult object")} written as ordinary: YOLO has no such mark`,
  ]
    .filter(Boolean)
    .join("; ");
}
