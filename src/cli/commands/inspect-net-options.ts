import { Option } from "commander";
import { deviceOption, pixelsOption, threadsOption } from "../options.ts";
import { parseSize } from "../parse.ts";

/** How pictures are brought into nets that do not do it themselves, and the engine's options. */
export function netOptions(): Option[] {
  return [
    new Option(
      "--size <size>",
      "the net's input where its file leaves it open (default: 224, or what it was trained with)",
    ).argParser(parseSize),
    pixelsOption("the net"),
    new Option("--fit <how>", "how pictures fill the net's input, where its file does not say")
      .choices(["crop", "pad", "stretch"])
      .default("crop"),
    threadsOption(),
    deviceOption(),
  ];
}
