import { FoveaError } from "../../core/index.ts";
import type { Problem, SplitName } from "../dataset.ts";
import type { ReadArrays } from "./dataset.ts";

type Table = Pick<ReadArrays, "layout" | "examples">;

/** So many rows with a class of their own each are no chance, where something else speaks against classes, too. */
const FEWEST_ROWS = 3;
/** So many are none in any case: tables with one sequence of each class are small (Fungi of the UCR archive has 18). */
const FEWEST_NAMES = 20;
/** Numbers that classes have; those of examples grow longer. */
const CLASS_NUMBER = /^-?\d{1,3}$/;

/** Whether each row of a table has a class of its own, as where the first column names the examples, not their classes. */
export function hasOneOfEach({ layout, examples }: Table): boolean {
  if (layout !== "lines" || examples.length < FEWEST_ROWS) return false;
  return new Set(examples.map(({ label }) => label)).size === examples.length;
}

/** Whether the first column of a table names the examples beyond doubt. */
export function areLabelsNames(table: Table): boolean {
  const { examples } = table;
  if (examples.length < FEWEST_NAMES || examples.every(({ label }) => CLASS_NUMBER.test(label))) return false;
  return hasOneOfEach(table);
}

/**
 * @param name what the error calls the data set
 * @throws FoveaError `dataset-format` for a table whose first column names the examples
 */
export function refuseNames(found: Table, name: string): void {
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
