import type { Command } from "commander";
import { calibrationOption, thresholdOption } from "../face-threshold.ts";
import { encoderOption, type FinderOptions, mirrorOption } from "../open-finder.ts";
import { type GalleryOptions, galleryOption, keyFileOption } from "../open-gallery.ts";
import { addExamples, deviceOption, jsonOption, optionsOf, threadsOption } from "../options.ts";
import { number, parsePath } from "../parse.ts";

/** Options of `fovea face identify`. */
export interface IdentifyOptions extends FinderOptions, GalleryOptions {
  falseAlarmRate: number;
  threshold?: number;
  calibration?: string;
  liveness?: boolean;
  out?: string;
  json?: boolean;
}

/** `fovea face identify`: who of the enrolled people is in a picture? */
export function addFaceIdentify(face: Command): void {
  const command = face
    .command("identify")
    .description("say who of the enrolled people is in pictures, and who is unknown")
    .argument("<files...>", "pictures, folders of pictures, or glob patterns")
    .addOption(galleryOption())
    .addOption(keyFileOption())
    .option(
      "--false-alarm-rate <rate>",
      "share of strangers that may be taken for somebody enrolled",
      number(1e-6, 0.5),
      0.01,
    )
    .addOption(thresholdOption())
    .addOption(calibrationOption())
    .option("--liveness", "name nobody whose face seems to be a photograph (weak nets: a veto, no proof)")
    .option("--out <dir>", "write the pictures with names, and faces.json", parsePath)
    .addOption(encoderOption())
    .addOption(mirrorOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (files: string[], _: unknown, command: Command) => {
      const { identifyCommand } = await import("./face-identify-files.ts");
      await identifyCommand(files, optionsOf<IdentifyOptions>(command));
    });
  addExamples(command, [
    "fovea face identify party.jpg --out out/",
    "fovea face identify door/*.jpg --gallery staff/ --false-alarm-rate 0.001 --json",
  ]);
}
