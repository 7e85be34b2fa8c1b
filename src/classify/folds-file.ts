import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { FoveaError, writeOutput } from "../core/index.ts";
import type { ClassificationDataset, ExampleKind } from "../data/index.ts";
import { runPaths } from "../train/index.ts";
import type { ClassifierEvaluation } from "./evaluate.ts";
import type { TrainClassifierOptions } from "./train.ts";

/** The file in `out` that says what a cross-validation began with. */
const FOLDS = "folds.json";
/** The file in a fold's folder that says what was found on the held-out part. */
const ANSWERS = "answers.json";

/** What decides how each fold is trained. */
const SETTINGS = [
  "model",
  "size",
  "batchSize",
  "seed",
  "learningRate",
  "weightDecay",
  "labelSmoothing",
  "balance",
  "augment",
  "progressiveResizing",
  "backbone",
  "epochs",
  "timeMs",
] as const;

/** The settings of a training that all folds share. */
export type FoldSettings = Pick<TrainClassifierOptions, (typeof SETTINGS)[number]>;

/** What a cross-validation began with: enough to go on with it. */
export interface BegunFolds {
  folds: number;
  settings: FoldSettings;
  data: {
    kind: ExampleKind;
    splitSource: ClassificationDataset["splitSource"];
    fingerprint: string;
    /** Of sequences. */
    channels?: number;
  };
}

/** What was found on the held-out part of a fold. */
export interface FoldAnswers {
  accuracy: number;
  answers: ClassifierEvaluation["examples"];
}

/** The settings that all folds share, each of them named: what was left out stays so. */
function settingsOf(options: FoldSettings): FoldSettings {
  return Object.fromEntries(SETTINGS.map((name) => [name, options[name]]));
}

/** The folder of a fold, from number 0. */
export function foldFolder(out: string, fold: number): string {
  return join(out, `fold${fold + 1}`);
}

/** What the cross-validation in `out` began with; undefined where there is none. */
export async function readBegunFolds(out: string): Promise<BegunFolds | undefined> {
  const text = await readIfThere(join(out, FOLDS));
  if (text === undefined) return undefined;
  const begun: BegunFolds = JSON.parse(text);
  return { ...begun, settings: settingsOf(begun.settings) };
}

/** Notes what a cross-validation begins with; what an earlier one left in its folds counts no longer. */
export async function beginFolds(
  out: string,
  folds: number,
  options: TrainClassifierOptions,
  { kind, splitSource, fingerprint, ...form }: ClassificationDataset,
): Promise<BegunFolds> {
  for (let fold = 0; fold < folds; fold++) {
    const folder = foldFolder(out, fold);
    for (const file of [join(folder, ANSWERS), runPaths(folder).checkpoint]) await rm(file, { force: true });
  }
  const settings = settingsOf(options);
  const channels = kind === "sequences" && "shape" in form ? form.shape[0] : undefined;
  const begun = { folds, settings, data: { kind, splitSource, fingerprint, channels } };
  await writeOutput(join(out, FOLDS), `${JSON.stringify(begun, null, 2)}\n`);
  return begun;
}

/**
 * What the cross-validation in `out` began with, if it can go on with the data set.
 *
 * @throws FoveaError `checkpoint-missing`, `checkpoint-mismatch` where it had other data or labels
 */
export function requireFolds(
  begun: BegunFolds | undefined,
  out: string,
  dataset: ClassificationDataset,
): BegunFolds {
  if (!begun) {
    throw new FoveaError(
      "checkpoint-missing",
      `There is no cross-validation in ${out} to go on with; start it without \`resume\`.`,
    );
  }
  if (begun.data.fingerprint === dataset.fingerprint) return begun;
  throw new FoveaError(
    "checkpoint-mismatch",
    `The cross-validation in ${out} was begun with other data than \`${dataset.root}\`, or with other labels; resume with the same data, or start a new one.`,
  );
}

/** What was found on a fold that is done; undefined for others. */
export async function readAnswers(out: string, fold: number): Promise<FoldAnswers | undefined> {
  const text = await readIfThere(join(foldFolder(out, fold), ANSWERS));
  if (text === undefined) return undefined;
  const { accuracy, answers } = JSON.parse(text) as FoldAnswers;
  const floats = ({ probabilities, ...answer }: FoldAnswers["answers"][number]) => {
    return { ...answer, probabilities: Float32Array.from(probabilities) };
  };
  return { accuracy, answers: answers.map(floats) };
}

export async function writeAnswers(
  out: string,
  fold: number,
  { accuracy, answers }: FoldAnswers,
): Promise<void> {
  const plain = answers.map((answer) => ({ ...answer, probabilities: [...answer.probabilities] }));
  const text = JSON.stringify({ accuracy, answers: plain }, null, 2);
  await writeOutput(join(foldFolder(out, fold), ANSWERS), `${text}\n`);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
