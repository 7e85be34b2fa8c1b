import { formatCount } from "./format.ts";
import type { GlobalOptions } from "./options.ts";
import { note } from "./output.ts";

/** Says before a training that nothing will tell which epoch was best, where the data leave nothing to validate with. */
export function noteNoValidation(
  { splits: { train, val } }: { splits: Record<"train" | "val", readonly unknown[]> },
  data: string,
  options: GlobalOptions,
  round = "epoch",
  thing = "picture",
): void {
  if (val.length > 0 || train.length === 0) return; // without any to train with, the training says so
  const only = `${formatCount(train.length, thing)} only`;
  note(`${data}: ${only}: none is left to validate with; the last ${round} counts as best.`, options);
}

/** The line of a training's result about the epoch that counts as best because none was measured. */
export function unmeasuredLine(best: number, round = "epoch"): string {
  return `${round} ${best} counts as best, the last one: there was nothing to validate with, so there is no figure`;
}
