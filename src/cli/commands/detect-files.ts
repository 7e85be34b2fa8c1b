import { basename, extname, join, resolve } from "node:path";
import { FoveaError, writeOutput } from "../../core/index.ts";
import { type Detection, Detector } from "../../detect/index.ts";
import { classColor, drawDetections, listPictures, type Picture, savePicture } from "../../image/index.ts";
import { decodeAhead } from "../decode-ahead.ts";
import { INTERRUPTED } from "../failure.ts";
import { formatCount, formatDuration } from "../format.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { note, print, printJson } from "../output.ts";
import { createProgress } from "../progress.ts";
import type { DetectOptions } from "./detect.ts";

/** What was found in one file. */
interface FileDetections {
  file: string;
  /** Size of the upright picture in pixels. */
  width: number;
  height: number;
  detections: Detection[];
  /** The picture with its boxes, where one was written. */
  drawn?: string;
}

/** What was done, and what could not be. */
interface Outcome {
  results: FileDetections[];
  failures: FoveaError[];
}

/**
 * `fovea detect`: finds objects in files and prints them. Files that cannot be read do not keep the others
 * from being done.
 *
 * @throws AggregateError of what was wrong with files, after the others are done
 */
export async function detectCommand(patterns: readonly string[], options: DetectOptions): Promise<void> {
  const { files, failures } = await listFiles(patterns);
  if (files.length === 0) throw new AggregateError(failures);
  const interrupt = listenForInterrupt(() => note("Stopping after this picture.", options));
  const started = performance.now();
  const { results, ...done } = await detectInFiles(files, options, interrupt.signal).finally(
    interrupt.dispose,
  );
  failures.push(...done.failures);
  note(throughput(results.length, performance.now() - started), options);
  if (options.json) printJson(toJson({ results, failures }, options.model));
  else for (const result of results) print(toText(result));
  if (interrupt.signal.aborted) {
    const share = `${results.length} of ${formatCount(files.length, "picture")}`;
    throw new FoveaError(INTERRUPTED, `Stopped after ${share}; run the command again for all of them.`);
  }
  if (failures.length > 0) throw new AggregateError(failures);
}

/** Finds objects in every file and writes drawings and `detections.json` to `out`, where there is one. */
export async function detectInFiles(
  files: readonly string[],
  options: DetectOptions,
  signal?: AbortSignal,
): Promise<Outcome> {
  const { model, out, score, iou, threads, device, quiet } = options;
  const drawings = out === undefined ? undefined : nameDrawings(files, out);
  const detector = await Detector.load(model, {
    scoreThreshold: score,
    iouThreshold: iou,
    threads,
    device,
    onConvert: (name) => note(`Converting ${name} to ONNX, once.`, options),
  });
  const progress = createProgress({ label: "Detecting", total: files.length, quiet });
  const outcome: Outcome = { results: [], failures: [] };
  const { results, failures } = outcome;
  try {
    for await (const { file, picture, error } of decodeAhead(files)) {
      if (signal?.aborted) break;
      if (error) {
        failures.push(error);
      } else {
        const { detections } = await detector.detect(picture);
        const drawn = drawings?.get(file);
        if (drawn !== undefined) await saveDrawing(picture, detections, drawn);
        results.push({ file, width: picture.width, height: picture.height, detections, drawn });
      }
      progress.update(results.length + failures.length, file);
    }
  } finally {
    progress.done();
    await detector.close();
  }
  if (out !== undefined) {
    const text = JSON.stringify(toJson(outcome, model), null, 2);
    await writeOutput(join(out, "detections.json"), `${text}\n`);
  }
  return outcome;
}

/** The files that patterns name, and what is wrong with patterns that name none. */
async function listFiles(patterns: readonly string[]): Promise<{ files: string[]; failures: FoveaError[] }> {
  const failures: FoveaError[] = [];
  const files = new Map<string, string>();
  for (const pattern of patterns) {
    try {
      for (const file of await listPictures([pattern])) files.set(resolve(file), file);
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      failures.push(error);
    }
  }
  return { files: [...files.values()], failures };
}

/** Formats that are written as they were read; the others become PNG. */
const KEPT_EXTENSIONS: readonly string[] = [".jpg", ".jpeg", ".png", ".webp"];

/**
 * Where each file's drawing goes: its name in `out`, with a number where two files are called the same.
 *
 * @throws FoveaError `output-is-input` where a picture would be written over itself or another one
 */
function nameDrawings(files: readonly string[], out: string): Map<string, string> {
  const inputs = new Set(files.map((file) => resolve(file)));
  const taken = new Set<string>();
  const drawings = new Map<string, string>();
  for (const file of files) {
    const extension = extname(file);
    const stem = basename(file, extension);
    const written = KEPT_EXTENSIONS.includes(extension.toLowerCase()) ? extension : ".png";
    let name = `${stem}${written}`;
    for (let copy = 2; taken.has(name.toLowerCase()); copy++) name = `${stem}-${copy}${written}`;
    taken.add(name.toLowerCase());
    const path = join(out, name);
    if (inputs.has(resolve(path))) {
      throw new FoveaError(
        "output-is-input",
        `${path} would be written over by its drawing; choose another folder with --out.`,
      );
    }
    drawings.set(file, path);
  }
  return drawings;
}

async function saveDrawing(picture: Picture, detections: readonly Detection[], path: string): Promise<void> {
  const marks = detections.map(({ label, classIndex, score, box }) => ({
    box,
    label: `${label} ${score.toFixed(2)}`,
    color: classColor(classIndex),
  }));
  await savePicture(await drawDetections(picture, marks), path);
}

function throughput(pictures: number, elapsedMs: number): string {
  const rate = (pictures / elapsedMs) * 1_000;
  return `${formatCount(pictures, "picture")} in ${formatDuration(elapsedMs)}, ${rate.toFixed(1)} a second`;
}

function toJson({ results, failures }: Outcome, model: string): unknown {
  return {
    model,
    pictures: results.map(pictureJson),
    failures: failures.map(({ code, message }) => ({ code, message })),
  };
}

/** A hundredth of a pixel and five digits of a score say all that there is to say. */
function pictureJson({ file, width, height, detections, drawn }: FileDetections): unknown {
  const found = detections.map(({ label, classIndex, score, box }) => ({
    label,
    classIndex,
    score: round(score, 5),
    box: box.map((corner) => round(corner, 2)),
  }));
  return { file, width, height, detections: found, drawn };
}

function toText({ file, detections }: FileDetections): string {
  if (detections.length === 0) return `${file}: nothing found`;
  const lines = detections.map(({ label, score, box }) => {
    const corners = box.map((corner) => Math.round(corner)).join(" ");
    return `  ${label} ${score.toFixed(2)}  ${corners}`;
  });
  return [`${file}: ${formatCount(detections.length, "object")}`, ...lines].join("\n");
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
