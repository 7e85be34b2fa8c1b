import type { SplitName } from "./dataset.ts";

/** The splits in the order in which they are listed. */
export const SPLIT_NAMES: readonly SplitName[] = ["train", "val", "test"];

/** The names that data sets give to a split's folder or list, the usual one first. */
export const SPLIT_ALIASES: Record<SplitName, readonly string[]> = {
  train: ["train", "training"],
  val: ["val", "valid", "validation"],
  test: ["test", "testing"],
};

/** The split that a folder or list of this name holds; a year after it is allowed (`val2017`). */
export function splitOfName(name: string): SplitName | undefined {
  const word = name.toLowerCase().replace(/\d*$/, "");
  return SPLIT_NAMES.find((split) => SPLIT_ALIASES[split].includes(word));
}

/** The split that a name says behind its last `_` or `-`, or as a whole: `ECG200_TEST`, `seg_train`, `val2017`. */
export function splitOfEnd(name: string): SplitName | undefined {
  return splitOfName(name.split(/[_-]/).at(-1)!);
}

/** The split that one of a file name's words says, the first such: `train_points`, `points-train`, `train2017.coco`. */
export function splitOfWords(name: string): SplitName | undefined {
  const words = name.split(/[^\p{L}\p{M}\p{N}]+/u);
  return words.map(splitOfName).find((split) => split !== undefined);
}

/** Where files put a picture into several splits, it stays in the first of these: what is measured on must not be learnt from. */
export const SPLIT_PRECEDENCE: readonly SplitName[] = ["test", "val", "train"];
