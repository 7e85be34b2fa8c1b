import { type Command, InvalidArgumentError } from "commander";
import { addExamples, type GlobalOptions, jsonOption, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";

interface Options extends GlobalOptions {
  sha256?: string;
  json?: boolean;
}

/** `fovea models pull`: brings a model into the cache. */
export function addModelsPull(models: Command): void {
  const command = models
    .command("pull")
    .description("convert a ready model, or fetch one, into the cache; an interrupted download goes on")
    .argument("<source>", "a ready model's name, https://…, or hf:owner/repo/file.onnx")
    .option("--sha256 <digest>", "refuse a file that has another SHA-256", parseDigest)
    .addOption(jsonOption())
    .action(async (source: string, _: unknown, command: Command) => {
      const { json, ...options } = optionsOf<Options>(command);
      const { bringModel } = await import("../ready-models.ts");
      const { path, wasCached } = await bringModel(source, options);
      if (json) printJson({ source, path, wasCached });
      else print(`${source}: ${wasCached ? "was there already" : "ready"}, ${path}`);
    });
  addExamples(command, ["fovea models pull coco", "fovea models pull hf:owner/repo/model.onnx"]);
}

function parseDigest(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError("Expected 64 hexadecimal digits.");
}
