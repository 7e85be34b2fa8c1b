import { FoveaError } from "../../core/index.ts";
import type { Problem, SplitName } from "../dataset.ts";
import type { ReadArrays } from "./dataset.ts";

type Table = Pick<ReadArrays, "layout" | "examples">;

/** So many rows with a class of their own each are no chance, where something else speaks against classes, too. */
const FEWEST_ROWS = 3;
/** So many are none in any case: tables with one sequence of each class are small (Fungi of the UCR archive has 18). */
const FEWEST_NAMES = 20;
/** Classes may be called by fractions, but seldom by so many. */
const MOST_FRACTIONS = 10;

/** Whether each row of a table has a class of its own, as where the first column names the examples, not their classes. */
export function hasOneOfEach({ layout, examples }: Table): boolean {
  if (layout !== "lines" || examples.length < FEWEST_ROWS) return false;
  return countLabels(examples) === examples.length;
}

/** Whether the first column of a table holds something else than classes beyond doubt: names, numbers of rows, values. */
export function areNoLabels({ layout, examples }: Table): boolean {
  if (layout !== "lines") return false;
  const areMany = examples.length >= FEWEST_NAMES && countLabels(examples) > examples.length / 2;
  return areMany || areValues(examples);
}

/**
 * @param name what the error calls the data set
 * @throws FoveaError `dataset-format` for a table whose first column holds no classes
 */
export function refuseNoLabels(found: Table, name: string): void {
  if (!areNoLabels(found)) return;
  const { examples } = found;
  const labels = [...new Set(examples.map(({ label }) => label))];
  const [first, second] = labels.map((label) => `\`${label}\``);
  const count =
    labels.length === examples.length ? ", each with a class of its own" : ` of ${labels.length} classes`;
  const remedy = "the first cell of a row must be the class of the sequence in it";
  const move = areValues(examples) ? "; where the label comes last, move it to the front" : "";
  throw new FoveaError(
    "dataset-format",
    `\`${name}\` has ${examples.length} rows${count} (${first}, ${second}, …): ${remedy}${move}.`,
  );
}

/** Whether labels look like the first values of sequences: most are fractions, and they are many. */
function areValues(examples: Table["examples"]): boolean {
  const fractions = examples.filter(({ label }) => isFraction(label)).length;
  return fractions > examples.length / 2 && countLabels(examples) > MOST_FRACTIONS;
}

function isFraction(label: string): boolean {
  return label !== "" && Number.isFinite(Number(label)) && !Number.isInteger(Number(label));
}

function countLabels(examples: Table["examples"]): number {
  return new Set(examples.map(({ label }) => label)).size;
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
