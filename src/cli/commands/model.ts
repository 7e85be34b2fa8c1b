import type { Command } from "commander";
import { addExamples } from "../options.ts";
import { addModelInfo } from "./model-info.ts";

/** `fovea model …`: look at ONNX models. */
export function addModelCommands(program: Command): void {
  const model = program.command("model").description("look into ONNX models");
  addExamples(model, ["fovea model info resnet18.onnx"]);
  addModelInfo(model);
}
