import { Option } from "commander";

/** How windows are classified. */
export type Method = "convolutional" | "naive";

export function methodOption(): Option {
  return new Option("--method <name>", "all windows in one pass, or one pass for each; both find the same")
    .choices(["convolutional", "naive"])
    .default("convolutional");
}
