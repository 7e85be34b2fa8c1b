import { join } from "node:path";
import { FoveaError, writeOutput } from "../../core/index.ts";
import type { Xyxy } from "../../geometry/index.ts";
import { classColor, drawPoints, type Picture, savePicture } from "../../image/index.ts";
import { Landmarker, type Landmarks } from "../../landmarks/index.ts";
import { decodeAhead } from "../decode-ahead.ts";
import { type DetectorChoice, detectThings, type OpenDetector, openDetector } from "../detected-boxes.ts";
import { formatCount } from "../format.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { detectorUse, pointsUse, requireModel } from "../model-names.ts";
import { note, print, printJson } from "../output.ts";
import { asFailure, endFiles, listFiles, prepareDrawings, throughput } from "../picture-files.ts";
import { createProgress } from "../progress.ts";
import { noteWithoutEffect } from "../without-effect.ts";
import type { LandmarksOptions } from "./landmarks.ts";
import { chosenDetector } from "./landmarks-looks.ts";

/** The points of one face, person or other thing. */
interface Found extends Landmarks {
  /** The detection, where the net looks at boxes. */
  box?: Xyxy;
  score?: number;
}

/** What is there with less than this probability is not drawn. */
const PRESENT = 0.5;

interface FileLandmarks {
  file: string;
  /** Size of the upright picture in pixels. */
  width: number;
  height: number;
  found: Found[];
  /** The picture with its points, where one was written. */
  drawn?: string;
}

/**
 * `fovea landmarks`: finds points in files and prints them. Files that cannot be read do not keep the others from being
 * done.
 *
 * @throws AggregateError of what was wrong with files, after the others are done
 */
export async function landmarksCommand(
  patterns: readonly string[],
  options: LandmarksOptions,
): Promise<void> {
  const { files, failures } = await listFiles(patterns);
  if (files.length === 0) throw new AggregateError(failures);
  const { model, score, out, threads, device, quiet, json } = options;
  const drawings = await prepareDrawings(files, out);
  const onConvert = (name: string) => note(`Converting ${name} to ONNX, once.`, options);
  await requireModel(model, pointsUse);
  const named = options.detector ?? options.faces;
  if (named !== undefined) await requireModel(named, detectorUse);
  const landmarker = await Landmarker.load(model, { threads, device, onConvert });
  const choice = detectorFor(landmarker, options);
  noteIdleOptions(landmarker, choice, options);
  if (!choice) noteUnlikeTraining(landmarker, options);
  const opening = choice && openDetector(choice, { scoreThreshold: score, threads, device, quiet });
  const detector = await opening?.catch(async (error) => {
    await landmarker.close();
    throw error;
  });
  const interrupt = listenForInterrupt(() => note("Stopping after this picture.", options));
  const progress = createProgress({ label: "Finding points", total: files.length, quiet });
  const started = performance.now();
  const results: FileLandmarks[] = [];
  try {
    for await (const { file, picture, error } of decodeAhead(files)) {
      if (interrupt.signal.aborted) break;
      if (error) failures.push(error);
      else {
        const looking = locate(landmarker, detector, picture);
        const found = await looking.catch((thrown: unknown) => asFailure(file, thrown));
        if (found instanceof FoveaError) failures.push(found);
        else {
          const drawn = drawings?.get(file);
          if (drawn !== undefined) await saveDrawing(picture, found, landmarker, drawn);
          results.push({ file, width: picture.width, height: picture.height, found, drawn });
        }
      }
      progress.update(results.length + failures.length, file);
    }
  } finally {
    progress.done();
    interrupt.dispose();
    await landmarker.close();
    await detector?.detector.close();
  }
  note(throughput(results.length, performance.now() - started), options);
  const answer = {
    model,
    points: landmarker.card.points,
    pictures: results.map(pictureJson),
    failures: failures.map(({ code, message }) => ({ code, message })),
  };
  if (json) printJson(answer);
  else for (const result of results) print(toText(result, landmarker));
  const { aborted: interrupted } = interrupt.signal;
  await endFiles({ done: results.length, total: files.length, failures, interrupted }, async () => {
    if (out === undefined) return;
    await writeOutput(join(out, "landmarks.json"), `${JSON.stringify(answer, null, 2)}\n`);
  });
}

/** The detector that finds what the net looks at; undefined where it looks at the whole picture. */
function detectorFor({ card }: Landmarker, options: LandmarksOptions): DetectorChoice | undefined {
  const { model, detector, faces, detectClass, whole } = options;
  const named = { detector: detector ?? faces, detectClass };
  if (card.subject === "box")
    return chosenDetector(model, {}, { ...named, detector: named.detector ?? "faces" });
  if (card.subject === "picture" || whole) return undefined;
  return chosenDetector(model, card, named, "--whole looks at whole pictures");
}

/** Says that a net which learned to look at boxes looks at whole pictures, where nobody asked for that. */
function noteUnlikeTraining({ card }: Landmarker, options: LandmarksOptions): void {
  if (card.subject !== "region" || card.ownBoxes || options.whole) return;
  note(
    `${options.model} was trained at boxes of things, and looks at the whole picture here, which it never saw: --detector names what finds them, --whole says that one thing fills each picture.`,
    options,
  );
}

/** Says which options have no effect on what the net looks at. */
function noteIdleOptions(
  { card: { subject } }: Landmarker,
  choice: DetectorChoice | undefined,
  options: LandmarksOptions,
): void {
  const { model, detector, faces, detectClass, whole, score } = options;
  const isWhole = subject === "picture";
  const idle = [
    ...(isWhole && detector !== undefined ? ["--detector"] : []),
    ...(isWhole && faces !== undefined ? ["--faces"] : []),
    ...(!choice && detectClass ? ["--detect-class"] : []),
    ...(!choice && score !== undefined ? ["--score"] : []),
  ];
  noteWithoutEffect(idle, `with ${model}, which looks at the whole picture here, not at detections`, options);
  const unheeded = subject === "box" && whole ? ["--whole"] : [];
  noteWithoutEffect(unheeded, `with ${model}, which looks at faces that a detector finds`, options);
}

async function locate(
  landmarker: Landmarker,
  detector: OpenDetector | undefined,
  picture: Picture,
): Promise<Found[]> {
  if (!detector) {
    const [body] = await landmarker.locate(picture);
    return [body!];
  }
  const detections = await detectThings(detector, picture);
  const all = await landmarker.locate(
    picture,
    detections.map(({ box }) => box),
  );
  return detections.flatMap(({ box, score }, i) => (all[i] ? [{ box, score, ...all[i] }] : []));
}

async function saveDrawing(
  picture: Picture,
  found: readonly Found[],
  { card }: Landmarker,
  path: string,
): Promise<void> {
  const there = found.filter(({ presence = 1 }) => presence >= PRESENT);
  const marks = there.map(({ points }, i) => ({ points, lines: card.lines, color: classColor(i) }));
  await savePicture(await drawPoints(picture, marks), path);
}

/** A hundredth of a pixel and five digits of a score say all that there is to say. */
function pictureJson({ file, width, height, found, drawn }: FileLandmarks): unknown {
  const round = (value: number, digits: number) => Number(value.toFixed(digits));
  return {
    file,
    width,
    height,
    found: found.map(({ box, score, points, scores, presence }) => ({
      box: box?.map((corner) => round(corner, 2)),
      score: score === undefined ? undefined : round(score, 5),
      points: points.map((point) => point.map((at) => round(at, 2))),
      scores: scores?.map((each) => round(each, 5)),
      presence: presence === undefined ? undefined : round(presence, 5),
    })),
    drawn,
  };
}

function toText({ file, found }: FileLandmarks, { card }: Landmarker): string {
  const thing = card.subject === "box" ? "face" : "detection";
  if (found.length === 0) return `${file}: no ${thing} found`;
  if (found[0].box) {
    const lines = found.map(({ box, score, presence }) => {
      const corners = box!.map((corner) => Math.round(corner)).join(" ");
      const there = presence === undefined ? "" : `, presence ${presence.toFixed(2)}`;
      return `  ${thing} ${score!.toFixed(2)}  ${corners}: ${card.points.length} points${there}`;
    });
    return [`${file}: ${formatCount(found.length, thing)}`, ...lines].join("\n");
  }
  const lines = found.flatMap(({ points, scores }) =>
    points.map(([x, y], i) => {
      const sure = scores ? ` ${scores[i].toFixed(2)}` : "";
      return `  ${card.points[i]}${sure}  ${Math.round(x)} ${Math.round(y)}`;
    }),
  );
  const [{ presence }] = found;
  const there = presence === undefined ? "" : `, presence ${presence.toFixed(2)}`;
  return [`${file}: ${card.points.length} points${there}`, ...lines].join("\n");
}
