import type { ClassificationDataset, ExamplesSummary, Problem, SplitName } from "../../data/index.ts";
import { problemLine } from "../load-examples.ts";
import type { GlobalOptions } from "../options.ts";
import { print, printJson } from "../output.ts";
import { createProgress } from "../progress.ts";

/** What `data check` says of data to classify. @returns what is wrong with them */
export async function checkExamples(
  dataset: ClassificationDataset,
  { json, quiet }: GlobalOptions & { json?: boolean },
): Promise<Problem[]> {
  const { describeExamples } = await import("../../data/index.ts");
  const found = await withFarValues(dataset);
  const progress = createProgress({ label: "Reading", total: 1, quiet });
  const { summary, problems } = await describeExamples(found, (done, total) =>
    progress.update(done / total, `${done} of ${total} pictures`),
  ).finally(progress.done);
  if (json) printJson({ ...summary, problemDetails: problems });
  else print(await toText(summary, problems));
  return problems;
}

/** The data set with word of values that training would limit. */
async function withFarValues(dataset: ClassificationDataset): Promise<ClassificationDataset> {
  if (dataset.kind === "pictures") return dataset;
  const { reportFarValues } = await import("../../classify/index.ts");
  return { ...dataset, problems: [...dataset.problems, ...reportFarValues(dataset)] };
}

async function toText(summary: ExamplesSummary, problems: readonly Problem[]): Promise<string> {
  const { textTable } = await import("../../report/index.ts");
  const { root, kind, fingerprint, splits, classes } = summary;
  const names = (Object.keys(splits) as SplitName[]).filter((name) => splits[name] > 0);
  const classRows = classes.map(({ name, examples, splits }) => [
    name,
    examples,
    ...names.map((split) => splits[split]),
  ]);
  const splitRows = names.map((name) => [name, splits[name]]);
  return [
    `${root}: ${kind} to classify${formText(summary)}, ${splitText(summary)}, fingerprint ${fingerprint.slice(0, 16)}`,
    textTable(["split", kind], splitRows),
    textTable(["class", kind, ...names], classRows),
    ...(await sizeTable(summary)),
    await problemText(problems),
  ].join("\n\n");
}

function formText({ kind, shape = [] }: ExamplesSummary): string {
  if (kind === "sequences")
    return ` of ${shape[1]} time steps, ${shape[0] === 1 ? "1 channel" : `${shape[0]} channels`}`;
  return kind === "volumes" ? ` of ${shape.join("×")}` : "";
}

function splitText({ splitSource }: ExamplesSummary): string {
  if (splitSource === "files") return "splits from its files";
  const { seed, valFraction } = splitSource;
  return `${Math.round(valFraction * 100)} % of each class drawn for validation with seed ${seed}`;
}

async function sizeTable({ pictures }: ExamplesSummary): Promise<string[]> {
  if (pictures === undefined) return [];
  const { formatNumber, textTable } = await import("../../report/index.ts");
  const rows = Object.entries({ width: pictures.width, height: pictures.height }).map(
    ([name, { min, p25, median, p75, max }]) => [
      `picture ${name}`,
      ...[min, p25, median, p75, max].map(formatNumber),
    ],
  );
  return [textTable(["size", "least", "25 %", "median", "75 %", "most"], rows)];
}

/** How many problems there are of each kind, and then each of them: nothing else lists them. */
async function problemText(problems: readonly Problem[]): Promise<string> {
  if (problems.length === 0) return "No problems.";
  const { formatProblems } = await import("../../data/index.ts");
  const each = problems.map(problemLine).join("\n");
  return `Problems:\n${`${formatProblems(problems)}\n\n${each}`.replace(/^(?=.)/gm, "  ")}`;
}
