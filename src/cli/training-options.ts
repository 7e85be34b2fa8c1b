import { Option } from "commander";
import { integer, parseDuration, parsePath } from "./parse.ts";

/** Where a run leaves what it makes. */
export function runFolderOption(): Option {
  return new Option("--out <dir>", "folder for best.onnx, last.onnx and the run's records")
    .argParser(parsePath)
    .makeOptionMandatory();
}

export function timeOption(): Option {
  return new Option("--time <duration>", "time to train, such as 90s, 30m or 1h30m, instead of --epochs")
    .argParser(parseDuration)
    .conflicts("epochs");
}

export function patienceOption(): Option {
  return new Option("--patience <n>", "stop after so many epochs without a better validation").argParser(
    integer(1),
  );
}

export function resumeOption(): Option {
  return new Option("--resume", "go on with the run in --out");
}
