import { Option } from "commander";
import { deviceOption, threadsOption } from "../options.ts";
import { parseSize } from "../parse.ts";

/** How pictures are brought into nets that do not do it themselves, and the engine's options. */
export function netOptions(): Option[] {
  return [
    new Option(
      "--size <size>",
      "the net's input where its file leaves it open (default: 224, or what it was trained with)",
    ).argParser(parseSize),
    new Option(
      "--pixels <kind>",
      "numbers that the net takes: unit 0…1, signed −1…1, byte 0…255, imagenet or caffe (default: imagenet; Fovea's nets say it themselves)",
    ).choices(["unit", "signed", "byte", "imagenet", "caffe"]),
    new Option("--fit <how>", "how pictures fill the net's input, where its file does not say")
      .choices(["crop", "pad", "stretch"])
      .default("crop"),
    threadsOption(),
    deviceOption(),
  ];
}
