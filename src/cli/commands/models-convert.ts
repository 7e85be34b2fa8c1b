import { type Command, InvalidArgumentError } from "commander";
import { keepInputs, writeOutput } from "../../core/index.ts";
import { addExamples, type GlobalOptions, jsonOption, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";
import { noteWithoutEffect } from "../without-effect.ts";

interface Options extends GlobalOptions {
  shape: Record<string, number[]>;
  channelsFirst?: boolean;
  float16?: boolean;
  json?: boolean;
}

/** `fovea models convert`: other libraries' files to ONNX. */
export function addModelsConvert(models: Command): void {
  const command = models
    .command("convert")
    .description("make an ONNX file of a TensorFlow.js graph model, or write an ONNX file anew")
    .argument(
      "<in>",
      "the model.json of a TensorFlow.js graph model; or an .onnx file, its address, or a name that `fovea models` lists",
    )
    .argument("<out>", "the .onnx file to write")
    .option(
      "--shape <name=NxHxWxC>",
      "shape of an input that the file leaves open; may be given several times",
      parseShape,
      {},
    )
    .option("--channels-first", "inputs and outputs of four axes are N×C×H×W (TensorFlow.js only)")
    .option("--float16", "store the parameters in half precision")
    .addOption(jsonOption())
    .action(async (from: string, to: string, _: unknown, command: Command) => {
      const { shape, channelsFirst, float16, json, ...options } = optionsOf<Options>(command);
      const { convertModel, isTfjsFile } = await import("../convert-model.ts");
      const { modelPath } = await import("../ready-models.ts");
      const path = isTfjsFile(from) ? from : await modelPath(from, options);
      keepInputs(to, [path], "by its own conversion; name another file.");
      const idle = channelsFirst && !isTfjsFile(from) ? ["--channels-first"] : [];
      noteWithoutEffect(idle, `with ${from}, which is no TensorFlow.js model`, options);
      const bytes = await convertModel(path, { shapes: shape, channelsFirst, float16 });
      await writeOutput(to, bytes);
      const answer = { from, to, bytes: bytes.length };
      if (json) printJson(answer);
      else print(`${to}: ${(bytes.length / 1e6).toFixed(2)} MB`);
    });
  addExamples(command, [
    "fovea models convert model/model.json net.onnx",
    "fovea models convert model.json net.onnx --shape input=1x224x224x3 --float16",
  ]);
}

function parseShape(text: string, before: Record<string, number[]>): Record<string, number[]> {
  const [, name, sizes] = /^(.+)=([\dx×]+)$/.exec(text) ?? [];
  const shape = sizes?.split(/[x×]/).map(Number);
  if (!shape?.every((size) => Number.isInteger(size) && size > 0)) {
    throw new InvalidArgumentError("Expected a name and a shape, for example input=1x224x224x3.");
  }
  return { ...before, [name]: shape };
}
