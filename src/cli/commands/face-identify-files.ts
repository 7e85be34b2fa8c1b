import { join } from "node:path";
import { FoveaError, writeOutput } from "../../core/index.ts";
import { type IdentifiedFace, identifyFaces, type Liveness, LivenessCheck } from "../../face/index.ts";
import { classColor, drawDetections, type Picture, savePicture } from "../../image/index.ts";
import { decodeAhead } from "../decode-ahead.ts";
import { identificationChoice, type ThresholdChoice } from "../face-threshold.ts";
import { formatCount } from "../format.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { openFinder } from "../open-finder.ts";
import { galleryTitle, openGallery } from "../open-gallery.ts";
import { note, print, printJson } from "../output.ts";
import { asFailure, endFiles, listFiles, prepareDrawings, throughput } from "../picture-files.ts";
import { createProgress } from "../progress.ts";
import type { IdentifyOptions } from "./face-identify.ts";

/** A face with its name, and what the liveness nets say where they were asked. */
type JudgedFace = IdentifiedFace & { liveness?: Liveness };

/** What drawings call somebody who is not enrolled. */
const UNKNOWN = "unknown";
const UNKNOWN_COLOR = "#71717a";

interface FileFaces {
  file: string;
  /** Size of the upright picture in pixels. */
  width: number;
  height: number;
  faces: JudgedFace[];
  /** The picture with names, where one was written. */
  drawn?: string;
}

/**
 * `fovea face identify`: names the faces in files. Files that cannot be read do not keep the others from being done.
 *
 * @throws AggregateError of what was wrong with files, after the others are done
 */
export async function identifyCommand(patterns: readonly string[], options: IdentifyOptions): Promise<void> {
  const { files, failures } = await listFiles(patterns);
  if (files.length === 0) throw new AggregateError(failures);
  const drawings = await prepareDrawings(files, options.out);
  const finder = await openFinder(options);
  const { threads, device } = options;
  const opening = options.liveness ? LivenessCheck.load({ threads, device }) : undefined;
  const check = await opening?.catch(async (error) => {
    await finder.close();
    throw error;
  });
  const interrupt = listenForInterrupt(() => note("Stopping after this picture.", options));
  const progress = createProgress({ label: "Identifying", total: files.length, quiet: options.quiet });
  const started = performance.now();
  const results: FileFaces[] = [];
  let threshold: ThresholdChoice;
  let colors: Map<string, string>;
  try {
    const gallery = await openGallery(options, { encoder: finder.encoder });
    try {
      const people = await gallery.people();
      colors = new Map(people.map(({ name }, i) => [name, classColor(i)]));
      const { faces } = await gallery.stats();
      threshold = await identificationChoice(finder, faces, options);
      for await (const { file, picture, error } of decodeAhead(files)) {
        if (interrupt.signal.aborted) break;
        const seen =
          error ?? (await finder.find(picture).catch((thrown: unknown) => asFailure(file, thrown)));
        if (seen instanceof FoveaError) failures.push(seen);
        else if (picture) {
          const found = await identifyFaces(gallery, seen, threshold.threshold);
          const faces = await judged(picture, found, check);
          const drawn = drawings?.get(file);
          if (drawn !== undefined) await saveDrawing(picture, faces, colors, drawn);
          results.push({ file, width: picture.width, height: picture.height, faces, drawn });
        }
        progress.update(results.length + failures.length, file);
      }
    } finally {
      await gallery.close();
    }
  } finally {
    progress.done();
    interrupt.dispose();
    await finder.close();
    await check?.close();
  }
  note(throughput(results.length, performance.now() - started), options);
  const answer = {
    gallery: await galleryTitle(options),
    people: colors.size,
    threshold: threshold.threshold,
    thresholdFor: threshold.stated,
    pictures: results.map(pictureJson),
    failures: failures.map(({ code, message }) => ({ code, message })),
  };
  if (options.json) printJson(answer);
  else for (const result of results) print(toText(result));
  const { aborted: interrupted } = interrupt.signal;
  await endFiles({ done: results.length, total: files.length, failures, interrupted }, async () => {
    if (options.out === undefined) return;
    await writeOutput(join(options.out, "faces.json"), `${JSON.stringify(answer, null, 2)}\n`);
  });
}

/** Faces as they were identified; nobody is named whose face the check vetoes. */
async function judged(
  picture: Picture,
  faces: readonly IdentifiedFace[],
  check: LivenessCheck | undefined,
): Promise<JudgedFace[]> {
  const result: JudgedFace[] = [];
  for (const face of faces) {
    const liveness = await check?.judge(picture, face.box);
    result.push({ ...face, liveness, name: liveness?.passed === false ? undefined : face.name });
  }
  return result;
}

async function saveDrawing(
  picture: Picture,
  faces: readonly IdentifiedFace[],
  colors: ReadonlyMap<string, string>,
  path: string,
): Promise<void> {
  const marks = faces.map(({ box, name }) => ({
    box,
    label: name ?? UNKNOWN,
    color: (name === undefined ? undefined : colors.get(name)) ?? UNKNOWN_COLOR,
  }));
  await savePicture(await drawDetections(picture, marks), path);
}

function pictureJson({ file, width, height, faces, drawn }: FileFaces): unknown {
  return {
    file,
    width,
    height,
    faces: faces.map(({ name, nearest, box, score, search, liveness }) => ({
      name: name ?? null,
      nearest: nearest.map((person) => ({ ...person, distance: round(person.distance, 4) })),
      box: box.map((corner) => round(corner, 2)),
      score: round(score, 5),
      search,
      liveness,
    })),
    drawn,
  };
}

function toText({ file, faces }: FileFaces): string {
  if (faces.length === 0) return `${file}: no face found`;
  const lines = faces.map(({ name, nearest: [first], box, liveness }) => {
    const corners = box.map((corner) => Math.round(corner)).join(" ");
    const who = name ?? UNKNOWN;
    const distance = first
      ? ` (${name === undefined ? `nearest ${first.name}, ` : ""}distance ${first.distance.toFixed(3)})`
      : "";
    const veto = liveness?.passed === false ? ", vetoed by the liveness check" : "";
    return `  ${who}${distance}  ${corners}${veto}`;
  });
  return [`${file}: ${formatCount(faces.length, "face")}`, ...lines].join("\n");
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
