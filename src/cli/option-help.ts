import { Help, type Option } from "commander";

const usual = new Help();

/** What `--help` says of an option: also that it must be given, and nothing of defaults that are empty. */
export function describeOption(option: Option): string {
  const described = usual.optionDescription(option).replace(" (default: {})", "");
  return option.mandatory && option.defaultValue === undefined ? `${described} (required)` : described;
}
