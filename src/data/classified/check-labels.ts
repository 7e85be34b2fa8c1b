import { FoveaError } from "../../core/index.ts";
import type { Problem, SplitName } from "../dataset.ts";
import type { ReadArrays } from "./dataset.ts";

/** So many rows with a class of their own each are no chance. */
const FEWEST_ROWS = 3;

/** Whether each row of a table has a class of its own: then the first column names the examples, not their classes. */
export function areLabelsNames({ layout, examples }: Pick<ReadArrays, "layout" | "examples">): boolean {
  if (layout !== "lines" || examples.length < FEWEST_ROWS) return false;
  return new Set(examples.map(({ label }) => label)).size === examples.length;
}

/**
 * @param name what the error calls the data set
 * @throws FoveaError `dataset-format` for a table of which each row has a class of its own
 */
export function refuseNames(found: Pick<ReadArrays, "layout" | "examples">, name: string): void {
  if (!areLabelsNames(found)) return;
  const [first, second] = found.examples.map(({ label }) => `\`${label}\``);
  throw new FoveaError(
    "dataset-format",
    `\`${name}\` has ${found.examples.length} rows, each with a class of its own (${first}, ${second}, …): the first cell of a row must be the class of the sequence in it.`,
  );
}

/** A problem for each class that is measured on and has nothing to learn from, in a data set that has. */
export function findUntrained(
  root: string,
  classes: readonly string[],
  splits: Readonly<Record<SplitName, readonly { classIndex: number }[]>>,
): Problem[] {
  if (splits.train.length === 0) return [];
  const trained = new Set(splits.train.map(({ classIndex }) => classIndex));
  return (["val", "test"] as const).flatMap((split) => {
    const counts = classes.map(() => 0);
    for (const { classIndex } of splits[split]) counts[classIndex]++;
    return classes.flatMap((name, i): Problem[] => {
      if (counts[i] === 0 || trained.has(i)) return [];
      const detail = `Class \`${name}\` has ${counts[i]} in ${split} and none in train: kept, but it is never learnt.`;
      return [{ kind: "class-untrained", file: root, detail }];
    });
  });
}
