import { join } from "node:path";
import { FoveaError, writeOutput } from "../../core/index.ts";
import { classColor, drawDetections, type Picture, savePicture } from "../../image/index.ts";
import { type Localization, Localizer } from "../../localize/index.ts";
import { decodeAhead } from "../decode-ahead.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { localizerUse, requireModel } from "../model-names.ts";
import { note, print, printJson } from "../output.ts";
import { asFailure, endFiles, listFiles, prepareDrawings, throughput } from "../picture-files.ts";
import { createProgress } from "../progress.ts";
import type { LocalizeOptions } from "./localize.ts";

/** What was said of one file. */
interface FileLocalization extends Localization {
  file: string;
  /** Size of the upright picture in pixels. */
  width: number;
  height: number;
  /** The picture with its box, where one was written. */
  drawn?: string;
}

/** What was done, and what could not be. */
interface Outcome {
  results: FileLocalization[];
  failures: FoveaError[];
}

/**
 * `fovea localize`: finds the object of each file and prints it. Files that cannot be read do not keep the others
 * from being done.
 *
 * @throws AggregateError of what was wrong with files, after the others are done
 */
export async function localizeCommand(patterns: readonly string[], options: LocalizeOptions): Promise<void> {
  const { files, failures } = await listFiles(patterns);
  if (files.length === 0) throw new AggregateError(failures);
  const interrupt = listenForInterrupt(() => note("Stopping after this picture.", options));
  const started = performance.now();
  const outcome = await localizeFiles(files, options, interrupt.signal).finally(interrupt.dispose);
  outcome.failures.unshift(...failures);
  const { results } = outcome;
  note(throughput(results.length, performance.now() - started), options);
  const json = toJson(outcome, options.model);
  if (options.json) printJson(json);
  else for (const result of results) print(toText(result));
  const end = { done: results.length, total: files.length, failures: outcome.failures };
  await endFiles({ ...end, interrupted: interrupt.signal.aborted }, async () => {
    if (options.out === undefined) return;
    await writeOutput(join(options.out, "localizations.json"), `${JSON.stringify(json, null, 2)}\n`);
  });
}

/** Finds the object of every file and writes drawings to `out`, where there is one. */
async function localizeFiles(
  files: readonly string[],
  { model, out, presence, threads, device, quiet }: LocalizeOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  const drawings = await prepareDrawings(files, out);
  await requireModel(model, localizerUse);
  const localizer = await Localizer.load(model, { presenceThreshold: presence, threads, device });
  const progress = createProgress({ label: "Localizing", total: files.length, quiet });
  const results: FileLocalization[] = [];
  const failures: FoveaError[] = [];
  try {
    for await (const { file, picture, error } of decodeAhead(files)) {
      if (signal.aborted) break;
      if (error) {
        failures.push(error);
      } else {
        const answer = await localizer.localize(picture).catch((thrown: unknown) => asFailure(file, thrown));
        if (answer instanceof FoveaError) failures.push(answer);
        else {
          const drawn = drawings?.get(file);
          if (drawn !== undefined) await saveDrawing(picture, answer, drawn);
          results.push({ file, width: picture.width, height: picture.height, ...answer, drawn });
        }
      }
      progress.update(results.length + failures.length, file);
    }
  } finally {
    progress.done();
    await localizer.close();
  }
  return { results, failures };
}

async function saveDrawing(picture: Picture, answer: Localization, path: string): Promise<void> {
  const { present, presence, label, classIndex, box } = answer;
  const mark = { box, label: `${label} ${presence.toFixed(2)}`, color: classColor(classIndex) };
  await savePicture(await drawDetections(picture, present ? [mark] : []), path);
}

function toJson({ results, failures }: Outcome, model: string): unknown {
  return {
    model,
    pictures: results.map(pictureJson),
    failures: failures.map(({ code, message }) => ({ code, message })),
  };
}

/** What is said of an object that is not there is not printed. */
function pictureJson(result: FileLocalization): unknown {
  const { file, width, height, present, label, classIndex, drawn } = result;
  const presence = round(result.presence, 5);
  const box = result.box.map((corner) => round(corner, 2));
  const object = present ? { label, classIndex, score: round(result.score, 5), box } : undefined;
  return { file, width, height, presence, object, drawn };
}

function toText({ file, present, presence, label, box }: FileLocalization): string {
  if (!present) return `${file}: nothing (presence ${presence.toFixed(2)})`;
  return `${file}: ${label} ${presence.toFixed(2)}  ${box.map((corner) => Math.round(corner)).join(" ")}`;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
