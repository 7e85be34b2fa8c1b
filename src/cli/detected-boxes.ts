import type { PointDataset, PointSample, SplitName } from "../data/index.ts";
import type { Detection, Detector } from "../detect/index.ts";
import type { Xyxy } from "../geometry/index.ts";
import type { Picture } from "../image/index.ts";
import type { EngineOptions } from "./options.ts";
import { note } from "./output.ts";
import { createProgress } from "./progress.ts";

interface Options extends EngineOptions {
  quiet?: boolean;
}

/** The box that a detector puts around each sample's points, by id; undefined where it finds none there. */
export async function detectBoxes(
  detectorName: string,
  samples: readonly PointSample[],
  options: Options,
): Promise<Map<string, Xyxy | undefined>> {
  const { Detector } = await import("../detect/index.ts");
  const { decodePicture } = await import("../image/index.ts");
  const { threads, device, quiet } = options;
  const onConvert = (name: string) => note(`Converting ${name} to ONNX, once.`, options);
  const detector = await Detector.load(detectorName, { threads, device, onConvert });
  const progress = createProgress({ label: "Finding boxes", total: samples.length, quiet });
  const boxes = new Map<string, Xyxy | undefined>();
  try {
    for (const sample of samples) {
      // Whoever looks at the pictures says which cannot be read.
      const picture = await decodePicture(sample.path).catch(() => undefined);
      boxes.set(sample.id, picture && (await boxOf(detector, sample, picture)));
      progress.update(boxes.size, sample.id);
    }
  } finally {
    progress.done();
    await detector.close();
  }
  return boxes;
}

/** What a detector finds; faces also where they fill the view, which detectors of faces overlook. */
export async function detectThings(detector: Detector, picture: Picture): Promise<readonly Detection[]> {
  if (detector.classes.length !== 1 || detector.classes[0] !== "face") {
    return (await detector.detect(picture)).detections;
  }
  const { detectFaces } = await import("../face/index.ts");
  return detectFaces(detector, picture);
}

/** The surest detection in which most of the points lie. */
async function boxOf(
  detector: Detector,
  { points }: PointSample,
  picture: Picture,
): Promise<Xyxy | undefined> {
  const known = points.filter((point) => point !== undefined);
  const detections = await detectThings(detector, picture);
  const holds = ([x1, y1, x2, y2]: Xyxy) =>
    known.filter(([x, y]) => x >= x1 && x <= x2 && y >= y1 && y <= y2).length * 2 > known.length;
  return detections.filter(({ box }) => known.length === 0 || holds(box)).sort((a, b) => b.score - a.score)[0]
    ?.box;
}

/** The data set with a detector's boxes instead of labelled ones; where it finds none, the points' own are used. */
export async function withDetectedBoxes(
  dataset: PointDataset,
  detectorName: string,
  options: Options,
): Promise<PointDataset> {
  const names = Object.keys(dataset.splits) as SplitName[];
  const all = names.flatMap((name) => dataset.splits[name]);
  const boxes = await detectBoxes(detectorName, all, options);
  const missed = all.filter(({ id }) => !boxes.get(id)).length;
  if (missed > 0)
    note(
      `${detectorName} finds nothing around the points of ${missed} of ${all.length} pictures: their own box is used.`,
      options,
    );
  const splits = { ...dataset.splits };
  for (const name of names) {
    splits[name] = splits[name].map(({ box: _, ...sample }) => {
      const box = boxes.get(sample.id);
      return box ? { ...sample, box } : sample;
    });
  }
  return { ...dataset, splits };
}
