import { Option } from "commander";
import { FoveaError } from "../core/index.ts";
import type { SplitName } from "../data/index.ts";

/** A part of a data set, or all of it. */
export type SplitChoice = SplitName | "all";

export function splitOption(usual: SplitChoice = "val"): Option {
  return new Option("--split <name>", "part of the data set")
    .choices(["train", "val", "test", "all"])
    .default(usual);
}

/**
 * The samples of a part of a data set.
 * @param data what errors call the data set
 * @param things what errors call its samples
 * @throws FoveaError `split-empty`
 */
export function samplesOf<Sample>(
  { splits }: { splits: Readonly<Record<SplitName, Sample[]>> },
  split: SplitChoice,
  data: string,
  things = "pictures",
): Sample[] {
  if (split === "all") return [...splits.train, ...splits.val, ...splits.test];
  if (splits[split].length > 0) return splits[split];
  const names = (Object.keys(splits) as SplitName[]).filter((name) => splits[name].length > 0);
  throw new FoveaError(
    "split-empty",
    `${data} has no ${things} in "${split}"; choose --split ${[...names, "all"].join(" or ")}.`,
  );
}
