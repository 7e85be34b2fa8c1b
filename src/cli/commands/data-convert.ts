import { type Command, Option } from "commander";
import type { DetectionFormat } from "../../data/index.ts";
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
import { print, printJson } from "../output.ts";
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
      await writeDetectionDataset(dataset, out, to, {
        onProgress: (done, total) => progress.update(done / total, `${done} of ${total} pictures`),
      });
      progress.done();
      const { format, fingerprint, splits } = dataset;
      const samples = Object.values(splits).flat();
      const boxes = samples.reduce((sum, sample) => sum + sample.boxes.length, 0);
      if (json) printJson({ from: format, to, out, pictures: samples.length, boxes, fingerprint });
      else print(`${out}: ${formatCount(samples.length, "picture")}, ${formatCount(boxes, "box", "boxes")}`);
    });
  addExamples(command, ["fovea data convert cells/ cells-coco/ --to coco"]);
}
