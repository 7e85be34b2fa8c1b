import type { Command } from "commander";
import { addExamples, type GlobalOptions, optionsOf } from "../options.ts";
import { print } from "../output.ts";

/** `fovea models path`: where a model's ONNX file lies. */
export function addModelsPath(models: Command): void {
  const command = models
    .command("path")
    .description("print where a model's ONNX file lies; it is converted or fetched if need be")
    .argument("<source>", "a ready model's or backbone's name, https://…, or hf:owner/repo/file.onnx")
    .action(async (source: string, _: unknown, command: Command) => {
      const { bringModel, modelPath } = await import("../ready-models.ts");
      const options = optionsOf<GlobalOptions>(command);
      const path = await modelPath(source, options);
      print(path === source ? (await bringModel(source, options)).path : path); // which names what there is
    });
  addExamples(command, ["fovea models path coco", "fovea models info $(fovea models path faces)"]);
}
