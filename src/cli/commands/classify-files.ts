import { resolve } from "node:path";
import { type Classification, Classifier, type ClassifierCard } from "../../classify/index.ts";
import { FoveaError } from "../../core/index.ts";
import { type FittedExample, listArrayFiles, readUnlabelled } from "../../data/index.ts";
import { decodeAhead } from "../decode-ahead.ts";
import { INTERRUPTED } from "../failure.ts";
import { formatCount, formatDuration } from "../format.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { classifierUse, requireModel } from "../model-names.ts";
import type { GlobalOptions } from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { asFailure, listFiles } from "../picture-files.ts";
import { createProgress } from "../progress.ts";
import type { ClassifyOptions } from "./classify.ts";

/** What was said of one example: a picture, a volume, or a line of a table. */
interface Answer {
  file: string;
  label: string;
  score: number;
  top: { label: string; score: number }[];
}

/** What was done, and what could not be. */
interface Outcome {
  answers: Answer[];
  failures: FoveaError[];
}

/**
 * `fovea classify`: says what is in files and prints it. Files that cannot be read do not keep the others from
 * being done.
 *
 * @throws AggregateError of what was wrong with files, after the others are done
 */
export async function classifyCommand(
  patterns: readonly string[],
  options: ClassifyOptions & { model: string },
): Promise<void> {
  const { model, threads, device, json } = options;
  await requireModel(model, classifierUse);
  const classifier = await Classifier.load(model, { threads, device });
  const interrupt = listenForInterrupt(() => note("Stopping after this example.", options));
  const outcome: Outcome = { answers: [], failures: [] };
  const started = performance.now();
  try {
    if (classifier.card.kind === "pictures")
      await classifyPictures(patterns, classifier, options, outcome, interrupt.signal);
    else await classifyArrays(patterns, classifier, options, outcome, interrupt.signal);
  } finally {
    interrupt.dispose();
    await classifier.close();
  }
  const { answers, failures } = outcome;
  note(
    `${formatCount(answers.length, "example")} in ${formatDuration(performance.now() - started)}`,
    options,
  );
  if (json) printJson({ model, answers, failures: failures.map(({ code, message }) => ({ code, message })) });
  else for (const answer of answers) print(toText(answer));
  if (interrupt.signal.aborted) {
    throw new FoveaError(
      INTERRUPTED,
      `Stopped after ${formatCount(answers.length, "example")}; run the command again for all of them.`,
    );
  }
  if (failures.length > 0) throw new AggregateError(failures);
}

async function classifyPictures(
  patterns: readonly string[],
  classifier: Classifier,
  { top, quiet }: ClassifyOptions,
  { answers, failures }: Outcome,
  signal: AbortSignal,
): Promise<void> {
  const { files, failures: unknown } = await listFiles(patterns);
  for (const failure of unknown) failures.push(failure);
  const progress = createProgress({ label: "Classifying", total: files.length, quiet });
  try {
    for await (const { file, picture, error } of decodeAhead(files)) {
      if (signal.aborted) break;
      const said =
        error ?? (await classifier.classify(picture).catch((thrown: unknown) => asFailure(file, thrown)));
      if (said instanceof FoveaError) failures.push(said);
      else answers.push(toAnswer(file, said, top));
      progress.update(answers.length + failures.length - unknown.length, file);
    }
  } finally {
    progress.done();
  }
}

async function classifyArrays(
  paths: readonly string[],
  classifier: Classifier,
  { top, quiet }: ClassifyOptions,
  { answers, failures }: Outcome,
  signal: AbortSignal,
): Promise<void> {
  const { shape, layout, classes, kind } = classifier.card;
  if (kind === "pictures") return;
  const listed: string[] = [];
  for (const path of paths) {
    await attempt(failures, async () => {
      for (const file of await listArrayFiles(path, kind)) listed.push(file);
    });
  }
  const files = [...new Map(listed.map((path) => [resolve(path), path])).values()];
  const fitted: FittedExample[] = [];
  const onFitted = (example: FittedExample) => void fitted.push(example);
  const onFailure = (failure: FoveaError) => void failures.push(failure);
  const progress = createProgress({ label: "Classifying", total: files.length, quiet });
  try {
    for (const [i, file] of files.entries()) {
      if (signal.aborted) break;
      await attempt(failures, async () => {
        const options = { layout, classes, onFailure, onFitted };
        for (const { id, values } of await readUnlabelled(file, shape, options)) {
          if (signal.aborted) return;
          const answer = await classifier.classifyValues(values).catch((error: unknown) => {
            throw error instanceof FoveaError ? new FoveaError(error.code, `${id}: ${error.message}`) : error;
          });
          answers.push(toAnswer(id, answer, top));
        }
      });
      progress.update(i + 1, file);
    }
  } finally {
    progress.done();
  }
  noteFitted(fitted, classifier.card, { quiet });
}

/** Says of how many examples a classifier was shown something else than their files hold. */
function noteFitted(
  fitted: readonly FittedExample[],
  { kind, shape }: Pick<ClassifierCard, "kind" | "shape">,
  options: GlobalOptions,
): void {
  const [first] = fitted;
  if (!first) return;
  if (kind === "volumes") {
    const count = formatCount(fitted.length, "volume");
    note(`${count} of another size cut or filled up to ${shape.join("×")}, for example ${first.id}`, options);
    return;
  }
  const count = formatCount(fitted.length, "sequence");
  note(
    `${count} shorter than the ${shape[1]} time steps of the model, filled up with the last values, for example ${first.id}`,
    options,
  );
  const short = fitted.filter(({ share }) => share !== undefined && share < 0.5);
  if (short.length === 0) return;
  note(
    `${short.length} of them have less than half of these time steps, for example ${short[0].id}: unless the model was trained on such, do not trust what it says of them.`,
    options,
  );
}

async function attempt(failures: FoveaError[], action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    failures.push(error);
  }
}

function toAnswer(file: string, { label, score, guesses }: Classification, top: number): Answer {
  const round = (value: number) => Number(value.toFixed(5));
  return {
    file,
    label,
    score: round(score),
    top: guesses.slice(0, top).map((guess) => ({ label: guess.label, score: round(guess.score) })),
  };
}

function toText({ file, top }: Answer): string {
  return `${file}: ${top.map(({ label, score }) => `${label} ${score.toFixed(3)}`).join(", ")}`;
}
