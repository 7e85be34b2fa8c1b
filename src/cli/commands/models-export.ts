import { extname } from "node:path";
import type { Command } from "commander";
import { FoveaError, keepInputs, writeOutput } from "../../core/index.ts";
import type { ModelProto } from "../../graph/index.ts";
import { addExamples, type GlobalOptions, jsonOption, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";
import { number } from "../parse.ts";

interface Options extends GlobalOptions {
  score?: number;
  iou?: number;
  json?: boolean;
}

/** `fovea models export`: a model as other runtimes want it, its metadata in a file of its own. */
export function addModelsExport(models: Command): void {
  const command = models
    .command("export")
    .description(
      "copy a model for a browser, Python, C++ or a phone, and write what its metadata says beside it",
    )
    .argument("<model>", "a best.onnx, or a name that `fovea models` lists")
    .argument(
      "<out>",
      "the .onnx file to write; classes, sizes and thresholds go into a .json of the same name",
    )
    .option("--score <threshold>", "least score of a detection (default: the model's own)", number(0, 1))
    .option(
      "--iou <threshold>",
      "overlap of which only the better of two boxes stays (default: the model's own)",
      number(0, 1),
    )
    .addOption(jsonOption())
    .action(async (name: string, out: string, _: unknown, command: Command) => {
      const { score, iou, json, ...options } = optionsOf<Options>(command);
      if (extname(out).toLowerCase() !== ".onnx") {
        throw new FoveaError(
          "output-format",
          `\`${out}\` is to hold an ONNX file: let its name end in .onnx.`,
        );
      }
      const { modelPath } = await import("../ready-models.ts");
      const { openModelFile, readCard } = await import("../../models/index.ts");
      const path = await modelPath(name, options);
      const beside = `${out.slice(0, -".onnx".length)}.json`;
      for (const file of [out, beside]) keepInputs(file, [path], "by its own copy; name another file.");
      let source: string | Uint8Array = path;
      if (score !== undefined || iou !== undefined) {
        const { withThresholds } = await import("../../detect/index.ts");
        source = await withThresholds(path, { scoreThreshold: score, iouThreshold: iou });
      }
      const { bytes, model } = await openModelFile(source);
      requireOneFile(path, model);
      const card = readCard(model);
      await writeOutput(out, bytes);
      await writeOutput(beside, `${JSON.stringify(card, undefined, 2)}\n`);
      if (json) printJson({ model: out, metadata: beside, bytes: bytes.length, ...card });
      else print(`${out}: ${(bytes.length / 1e6).toFixed(2)} MB, ${beside}: ${Object.keys(card).join(", ")}`);
    });
  addExamples(command, [
    "fovea models export runs/cells/best.onnx web/cells.onnx --score 0.43",
    "fovea models export coco app/coco.onnx",
  ]);
}

/** Throws `model-in-parts` where tensors lie in other files, which a copy of the model alone would lack. */
function requireOneFile(path: string, { graph }: ModelProto): void {
  const apart = graph.initializer.find(({ dataLocation }) => dataLocation === 1);
  if (!apart) return;
  const file = apart.externalData.find(({ key }) => key === "location")?.value ?? "another file";
  throw new FoveaError(
    "model-in-parts",
    `${path} keeps tensors in ${file}, which its copy would lack; export one file of both, made by: fovea models convert ${path} whole.onnx`,
  );
}
