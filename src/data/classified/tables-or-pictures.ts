import { join } from "node:path";
import { FoveaError } from "../../core/index.ts";
import { PICTURE_EXTENSIONS } from "../../image/index.ts";
import type { Problem } from "../dataset.ts";
import { areNoLabels, hasOneOfEach } from "./check-labels.ts";
import type { ReadArrays } from "./dataset.ts";
import { listExampleFiles } from "./example-files.ts";
import { type FoundPictures, findPictures } from "./read-pictures.ts";

/**
 * Reads a folder with tables that are called as splits of sequences are (`train.csv`). Where pictures lie in folders
 * beside them, such tables mostly describe these. Then the pictures are read if folders of splits divide them into
 * classes; else the tables, if they hold sequences; else the pictures, if folders are classes. What is not read becomes
 * a problem.
 *
 * @param name what the error calls the folder
 * @param readTables reads the tables as sequences
 * @throws FoveaError `dataset-format` where tables and pictures make a data set in a way that cannot be read
 */
export async function readTablesOrPictures(
  root: string,
  name: string,
  tables: readonly string[],
  readTables: () => Promise<ReadArrays>,
): Promise<ReadArrays | FoundPictures> {
  const paths = (await listExampleFiles(root, PICTURE_EXTENSIONS)).filter((path) => path.includes("/"));
  if (paths.length === 0) return readTables();
  const pictures = await findPictures(root);
  const areClasses = new Set(pictures.examples.map(({ label }) => label)).size > 1;
  const withPictures = () => {
    const detail =
      "The table is not read, because folders beside it hold pictures in classes: name the table itself to read it.";
    const unread = tables.map(
      (table): Problem => ({ kind: "annotation-unreadable", file: join(root, table), detail }),
    );
    return { ...pictures, problems: [...pictures.problems, ...unread] };
  };
  if (areClasses && pictures.examples.some(({ split }) => split)) return withPictures();
  const sequences = await readTables().catch((error: unknown) => {
    if (!(error instanceof FoveaError) || error.code === "argument-range") throw error;
    return undefined;
  });
  // Even a small table more likely describes pictures in classes than that it has one sequence of each class.
  const isOther = (found: ReadArrays) => areNoLabels(found) || (areClasses && hasOneOfEach(found));
  if (sequences && sequences.shape[1] > 1 && !isOther(sequences)) {
    const detail = `${paths.length} pictures in folders are not read, of which this is the first: tables beside them hold sequences.`;
    const unread: Problem = { kind: "example-unreadable", file: join(root, paths[0]), detail };
    return { ...sequences, problems: [...sequences.problems, unread] };
  }
  if (areClasses) return withPictures();
  throw new FoveaError(
    "dataset-format",
    `\`${name}\` has pictures (\`${paths[0]}\`) in no folders of classes, and a table that holds no sequences (\`${tables[0]}\`): put the pictures into folders named after their classes, for example cat/1.jpg.`,
  );
}
