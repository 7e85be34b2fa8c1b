import { Option } from "commander";
import { FoveaError } from "../core/index.ts";
import type { PointDataset, PointSample } from "../data/index.ts";
import type { Detection, Detector, DetectorOptions } from "../detect/index.ts";
import type { Xyxy } from "../geometry/index.ts";
import type { Picture } from "../image/index.ts";
import { formatCount } from "./format.ts";
import type { EngineOptions, GlobalOptions } from "./options.ts";
import { note } from "./output.ts";
import { createProgress } from "./progress.ts";

/** A detector, and which of its classes count. */
export interface DetectorChoice {
  name: string;
  /** Those that somebody named. */
  classes?: readonly string[];
  /** Those that count where none are named, if the detector knows them; default: all. */
  usualClasses?: readonly string[];
  /** The model that names it in its file, where nobody else did. */
  namedBy?: string;
  /** How to do without it. */
  otherwise?: string;
}

/** A detector, opened. */
export interface OpenDetector {
  detector: Detector;
  /** Classes that count; all where it is undefined. */
  classes?: readonly string[];
}

type Options = EngineOptions & GlobalOptions;

/** `--detect-class`: of which class a detector's boxes must be. @param usual what is taken where none is named */
export function detectClassOption(usual: string = "those that the net was trained with, else all"): Option {
  return new Option(
    "--detect-class <name>",
    `take the detector's boxes of this class only; several with commas, or by naming the option again (default: ${usual})`,
  ).argParser((text: string, before: string[] | undefined) => [
    ...(before ?? []),
    ...text.split(",").map((name) => name.trim()),
  ]);
}

/**
 * Opens a detector.
 * @throws FoveaError `class-unknown` for a class that it does not know; what `Detector.load` throws, with the remedy where a
 *   model named the detector
 */
export async function openDetector(
  { name, classes, usualClasses, namedBy, otherwise }: DetectorChoice,
  options: Options & Pick<DetectorOptions, "scoreThreshold">,
): Promise<OpenDetector> {
  const { Detector } = await import("../detect/index.ts");
  const { scoreThreshold, threads, device } = options;
  const onConvert = (ready: string) => note(`Converting ${ready} to ONNX, once.`, options);
  const opening = Detector.load(name, { scoreThreshold, threads, device, onConvert });
  const detector = await opening.catch((error: unknown) => {
    if (!namedBy || !(error instanceof FoveaError)) throw error;
    const words = `${error.message} ${namedBy} was trained with the boxes of this detector; --detector names another${otherwise ? `, ${otherwise}` : ""}.`;
    throw new FoveaError(error.code, words, { cause: error });
  });
  const isUnknown = (label: string) => !detector.classes.includes(label);
  const unknown = classes?.find(isUnknown);
  if (unknown === undefined) {
    return { detector, classes: classes ?? (usualClasses?.some(isUnknown) ? undefined : usualClasses) };
  }
  await detector.close();
  throw new FoveaError(
    "class-unknown",
    `The detector \`${name}\` has no class "${unknown}"; it has ${detector.classes.join(", ")}.`,
  );
}

/** What a detector finds around each sample's points, by id; undefined where it finds nothing there. Closes the detector. */
async function detectAround(
  { detector, classes }: OpenDetector,
  samples: readonly PointSample[],
  options: Options,
): Promise<Map<string, Detection | undefined>> {
  const { decodePicture } = await import("../image/index.ts");
  const progress = createProgress({ label: "Finding boxes", total: samples.length, quiet: options.quiet });
  const found = new Map<string, Detection | undefined>();
  try {
    for (const sample of samples) {
      // Whoever looks at the pictures says which cannot be read.
      const picture = await decodePicture(sample.path).catch(() => undefined);
      const detections = picture && (await detectThings({ detector, classes }, picture));
      found.set(sample.id, detections && (await around(sample, detections)));
      progress.update(found.size, sample.id);
    }
  } finally {
    progress.done();
    await detector.close();
  }
  return found;
}

/** What a detector finds; faces also where they fill the view, which detectors of faces overlook. */
export async function detectThings(
  { detector, classes }: OpenDetector,
  picture: Picture,
): Promise<readonly Detection[]> {
  const isOfFaces = detector.classes.length === 1 && detector.classes[0] === "face";
  const { detectFaces } = isOfFaces ? await import("../face/index.ts") : { detectFaces: undefined };
  const found = detectFaces
    ? await detectFaces(detector, picture)
    : (await detector.detect(picture)).detections;
  return classes ? found.filter(({ label }) => classes.includes(label)) : found;
}

/**
 * Of the detections that hold most of a sample's points the one that fits their box best, not the surest: that may be a thing
 * which is worn or held. Without points the surest of all.
 */
async function around(
  { points }: PointSample,
  detections: readonly Detection[],
): Promise<Detection | undefined> {
  const { boxAround, iou } = await import("../geometry/index.ts");
  const known = points.filter((point) => point !== undefined);
  const holds = ([x1, y1, x2, y2]: Xyxy) =>
    known.filter(([x, y]) => x >= x1 && x <= x2 && y >= y1 && y <= y2).length * 2 > known.length;
  const overlap = ({ box }: Detection) => (known.length > 0 ? iou(box, boxAround(known)) : 0);
  const held = detections.filter(({ box }) => known.length === 0 || holds(box));
  return held.sort((a, b) => overlap(b) - overlap(a) || b.score - a.score)[0];
}

/** The boxes that a detector puts around the samples' points, by id; undefined where it finds nothing there. */
export async function detectBoxes(
  choice: DetectorChoice,
  samples: readonly PointSample[],
  options: Options,
): Promise<Map<string, Xyxy | undefined>> {
  return boxesOf(await detectAround(await openDetector(choice, options), samples, options));
}

function boxesOf(found: ReadonlyMap<string, Detection | undefined>): Map<string, Xyxy | undefined> {
  return new Map([...found].map(([id, detection]) => [id, detection?.box]));
}

/** As {@link detectBoxes}, of all pictures of a data set; says where the detector finds nothing, and things of which kinds. */
export async function detectBoxesToTrain(
  { splits: { train, val, test } }: PointDataset,
  choice: DetectorChoice,
  options: Options,
): Promise<Map<string, Xyxy | undefined>> {
  const samples = [...train, ...val, ...test];
  const open = await openDetector(choice, options);
  const found = await detectAround(open, samples, options);
  const things = samples.filter(({ points }) => points.some((point) => point !== undefined));
  const missed = things.filter(({ id }) => !found.get(id)).length;
  if (missed > 0) {
    note(
      `${choice.name} finds nothing around the points of ${missed} of ${formatCount(things.length, "picture")}: training looks at their labelled box, or at that of their points; in validation they count as not found.`,
      options,
    );
  }
  if (!open.classes && open.detector.classes.length > 1) noteKinds(choice.name, [...found.values()], options);
  return boxesOf(found);
}

/** Says of what kinds the boxes of a detector of several kinds are. */
function noteKinds(name: string, found: readonly (Detection | undefined)[], options: Options): void {
  const counts = new Map<string, number>();
  for (const one of found) if (one) counts.set(one.label, (counts.get(one.label) ?? 0) + 1);
  if (counts.size === 0) return;
  const kinds = [...counts].sort((a, b) => b[1] - a[1]).map(([label, count]) => `${label} (${count})`);
  note(
    `${name} finds things of several kinds; its boxes here are of ${kinds.join(", ")}. --detect-class names those that shall count, here and whenever the net is used.`,
    options,
  );
}
