import { join } from "node:path";
import { FoveaError, writeOutput } from "../../core/index.ts";
import { type Detection, Detector } from "../../detect/index.ts";
import { classColor, drawDetections, type Picture, savePicture } from "../../image/index.ts";
import { decodeAhead } from "../decode-ahead.ts";
import { detectThings } from "../detected-boxes.ts";
import { formatCount } from "../format.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { detectorUse, requireModel } from "../model-names.ts";
import { note, print, printJson } from "../output.ts";
import { asFailure, endFiles, listFiles, prepareDrawings, throughput } from "../picture-files.ts";
import { createProgress } from "../progress.ts";
import type { DetectOptions } from "./detect.ts";

/** What was found in one file. */
interface FileDetections {
  file: string;
  /** Size of the upright picture in pixels. */
  width: number;
  height: number;
  detections: readonly Detection[];
  /** The picture with its boxes, where one was written. */
  drawn?: string;
}

/** What was done, and what could not be. */
interface Outcome {
  results: FileDetections[];
  failures: FoveaError[];
}

/** Finds objects in pictures in whatever way, and gives its memory back in the end. */
interface Finder {
  find(picture: Picture): Promise<readonly Detection[]>;
  close(): Promise<void>;
}

/** Opens what the options name. */
type Open = (options: DetectOptions) => Promise<Finder>;

/**
 * `fovea detect`: finds objects in files and prints them. Files that cannot be read do not keep the others
 * from being done.
 *
 * @throws AggregateError of what was wrong with files, after the others are done
 */
export async function detectCommand(
  patterns: readonly string[],
  options: DetectOptions,
  open: Open = openDetector,
): Promise<void> {
  const { files, failures: unknown } = await listFiles(patterns);
  if (files.length === 0) throw new AggregateError(unknown);
  const interrupt = listenForInterrupt(() => note("Stopping after this picture.", options));
  const started = performance.now();
  const { signal, dispose } = interrupt;
  const outcome = await detectInFiles(files, options, { signal, open, failures: unknown }).finally(dispose);
  const { results, failures } = outcome;
  note(throughput(results.length, performance.now() - started), options);
  if (options.json) printJson(toJson(outcome, options.model));
  else for (const result of results) print(toText(result));
  const { aborted: interrupted } = signal;
  await endFiles({ done: results.length, total: files.length, failures, interrupted }, () =>
    saveDetections(outcome, options),
  );
}

/** How to go through files. */
interface Going {
  signal?: AbortSignal;
  open?: Open;
  /** What went wrong before, to be told with the rest. */
  failures?: readonly FoveaError[];
}

/** Finds objects in every file and writes drawings to `out`, where there is one. */
export async function detectInFiles(
  files: readonly string[],
  options: DetectOptions,
  { signal, open = openDetector, failures: before = [] }: Going = {},
): Promise<Outcome> {
  const { out, quiet } = options;
  const drawings = await prepareDrawings(files, out);
  const finder = await open(options);
  const progress = createProgress({ label: "Detecting", total: files.length, quiet });
  const outcome: Outcome = { results: [], failures: [...before] };
  const { results, failures } = outcome;
  try {
    for await (const { file, picture, error } of decodeAhead(files)) {
      if (signal?.aborted) break;
      if (error) {
        failures.push(error);
      } else {
        const found = await finder.find(picture).catch((thrown: unknown) => asFailure(file, thrown));
        if (found instanceof FoveaError) {
          failures.push(found);
        } else {
          const { width, height } = picture;
          const drawn = drawings?.get(file);
          if (drawn !== undefined) await saveDrawing(picture, found, drawn);
          results.push({ file, width, height, detections: found, drawn });
        }
      }
      progress.update(results.length + failures.length - before.length, file);
    }
  } finally {
    progress.done();
    await finder.close();
  }
  return outcome;
}

/** Writes `detections.json` to `out`, where there is one. */
export async function saveDetections(
  outcome: Outcome,
  { model, out }: Pick<DetectOptions, "model" | "out">,
): Promise<void> {
  if (out === undefined) return;
  const text = JSON.stringify(toJson(outcome, model), null, 2);
  await writeOutput(join(out, "detections.json"), `${text}\n`);
}

/** A detector; one of faces alone looks twice, as wherever faces are looked for. */
async function openDetector(options: DetectOptions): Promise<Finder> {
  const { model, score, iou, threads, device } = options;
  await requireModel(model, detectorUse);
  const detector = await Detector.load(model, {
    scoreThreshold: score,
    iouThreshold: iou,
    threads,
    device,
    onConvert: (name) => note(`Converting ${name} to ONNX, once.`, options),
  });
  return { find: (picture) => detectThings({ detector }, picture), close: () => detector.close() };
}

async function saveDrawing(picture: Picture, detections: readonly Detection[], path: string): Promise<void> {
  const marks = detections.map(({ label, classIndex, score, box }) => ({
    box,
    label: `${label} ${score.toFixed(2)}`,
    color: classColor(classIndex),
  }));
  await savePicture(await drawDetections(picture, marks), path);
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
