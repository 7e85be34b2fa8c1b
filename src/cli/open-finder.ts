import { Option } from "commander";
import type { FaceFinder } from "../face/index.ts";
import { encoderUse, requireModel } from "./model-names.ts";
import type { EngineOptions, GlobalOptions } from "./options.ts";
import { note } from "./output.ts";
import { parsePath } from "./parse.ts";

/** Options of the commands that find and encode faces. */
export interface FinderOptions extends GlobalOptions, EngineOptions {
  model?: string;
  mirror: boolean;
}

/** The net that encodes. */
export function encoderOption(): Option {
  return new Option(
    "--model <file>",
    "the net that encodes faces: face-descriptor (ready), or one of `fovea face train`",
  )
    .argParser(parsePath)
    .default("face-descriptor");
}

export function mirrorOption(): Option {
  return new Option(
    "--no-mirror",
    "encode faces without their mirror images: a little less sure, half the time",
  );
}

/** Opens what finds and encodes faces as the options say. */
export async function openFinder(options: FinderOptions): Promise<FaceFinder> {
  if (options.model !== undefined) await requireModel(options.model, encoderUse);
  const { FaceFinder } = await import("../face/index.ts");
  const { model, mirror, threads, device } = options;
  const onConvert = (name: string) => note(`Converting ${name} to ONNX, once.`, options);
  return FaceFinder.load({ encoder: model, mirror, threads, device, onConvert });
}
