import { stat } from "node:fs/promises";
import type { Command } from "commander";
import { FoveaError, keepInputs } from "../../core/index.ts";
import type {
  CalibratedThreshold,
  Calibration,
  CalibrationDistances,
  EncodedPicture,
} from "../../face/index.ts";
import { type EncodedPeople, encodePeople } from "../encode-people.ts";
import { falseMatchRateOption } from "../face-threshold.ts";
import { formatCount } from "../format.ts";
import { encoderOption, type FinderOptions, mirrorOption } from "../open-finder.ts";
import { addExamples, deviceOption, jsonOption, optionsOf, seedOption, threadsOption } from "../options.ts";
import { note, print, printJson } from "../output.ts";
import { parsePath } from "../parse.ts";
import { givenOf, noteWithoutEffect } from "../without-effect.ts";

interface Options extends FinderOptions {
  images?: string;
  falseMatchRate: number;
  out: string;
  seed: number;
  json?: boolean;
}

/** `fovea face calibrate`: which distance stands for which share of false matches? */
export function addFaceCalibrate(face: Command): void {
  const command = face
    .command("calibrate")
    .description(
      "measure how near faces of different people come, for thresholds that hold a false-match rate",
    )
    .argument(
      "<people>",
      "a folder with one folder of pictures for each person, or a list of pairs as `fovea face eval` reads",
    )
    .option("--images <dir>", "for a list: folder below which its pictures lie", parsePath)
    .addOption(falseMatchRateOption("0.001"))
    .requiredOption(
      "--out <file>",
      "the calibration, for --calibration of the other commands (.json)",
      parsePath,
    )
    .addOption(seedOption())
    .addOption(encoderOption())
    .addOption(mirrorOption())
    .addOption(jsonOption())
    .addOption(threadsOption())
    .addOption(deviceOption())
    .action(async (people: string, _: unknown, command: Command) =>
      calibrate(people, optionsOf<Options>(command), command),
    );
  addExamples(command, [
    "fovea face calibrate people/ --out calibration.json",
    "fovea face calibrate pairs.csv --images photos/ --false-match-rate 0.0001 --out calibration.json",
  ]);
}

/** Distances, what they are of, and how many pictures have no face that the other commands would take for one. */
interface Measured {
  people: EncodedPeople;
  distances: CalibrationDistances;
  pictures: number;
  withoutFace: number;
  /** Pictures of different people that are (nearly) one. */
  copies: (readonly [a: string, b: string])[];
}

/**
 * What counts of a picture. `verify` and `identify` refuse a picture in which a face is faintly seen or none, and so
 * distances of such pictures say nothing of theirs.
 */
function encodingOf({ encoding, look }: EncodedPicture): Float32Array | undefined {
  return look === "square" || look === "faint" ? undefined : encoding;
}

/** @throws AggregateError of pictures that cannot be read, after the rest */
async function calibrate(path: string, options: Options, command: Command): Promise<void> {
  const { calibrateDistances, saveCalibration } = await import("../../face/index.ts");
  const { seed, out, falseMatchRate, json } = options;
  keepInputs(out, [path], "by the calibration; name another file with --out.");
  const entry = await stat(path).catch(() => undefined);
  const isFolder = entry?.isDirectory() ?? false;
  if (isFolder) {
    noteWithoutEffect(
      givenOf(command, ["images"]),
      "with a folder of people, whose pictures lie in it",
      options,
    );
  } else {
    noteWithoutEffect(givenOf(command, ["seed"]), "with a list of pairs, of which none are drawn", options);
  }
  const measured = await (isFolder ? measureFolder : measurePairs)(path, options);
  const { people, distances, pictures, withoutFace, copies } = measured;
  noteCopies(copies, options);
  const { model: encoder, mirror, failures } = people;
  const calibration = calibrateDistances(distances, { encoder, mirror, pictures, seed });
  await saveCalibration(out, calibration);
  note(`Calibration: ${out}`, options);
  const { threshold, untold } = await thresholdTold(calibration, falseMatchRate);
  if (json) {
    const { different, same, people: count } = calibration;
    printJson({
      out,
      encoder,
      mirror,
      different,
      same,
      people: count,
      pictures,
      withoutFace,
      copies,
      asked: falseMatchRate,
      ...threshold,
      untold: untold?.message,
    });
  } else {
    print(toText(calibration, measured, options, { threshold, untold }));
  }
  if (failures.length > 0) throw new AggregateError(failures);
}

/** What a calibration says of a rate. */
interface Told {
  /** The threshold for the rate, or for the smallest that can be told, if any. */
  threshold?: CalibratedThreshold;
  /** Why the rate that was asked for cannot be told. */
  untold?: FoveaError;
}

/** Of few pairs the calibration is written all the same: it serves larger rates. */
async function thresholdTold(calibration: Calibration, asked: number): Promise<Told> {
  const { leastRate, thresholdFor } = await import("../../face/index.ts");
  try {
    return { threshold: thresholdFor(calibration, asked) };
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    try {
      return { threshold: thresholdFor(calibration, leastRate(calibration)), untold: error };
    } catch {
      return { untold: error };
    }
  }
}

async function measureFolder(folder: string, options: Options): Promise<Measured> {
  const { copyDistance, distancesOfPeople, readPairedPeople, samePictures } = await import(
    "../../face/index.ts"
  );
  const persons = await readPairedPeople(folder);
  const paths = persons.flatMap(({ pictures }) => pictures);
  const people = await encodePeople(paths, options);
  const encodings: Float32Array[] = [];
  const owners: number[] = [];
  const files: string[] = [];
  for (const [owner, { pictures }] of persons.entries()) {
    for (const path of pictures) {
      const encoding = encodingOf(people.encoded.get(path)!);
      if (!encoding) continue;
      encodings.push(encoding);
      owners.push(owner);
      files.push(path);
    }
  }
  const distances = distancesOfPeople(encodings, owners, { seed: options.seed });
  const { different } = distances;
  const pairs = different.length > 0 ? samePictures(encodings, owners, copyDistance(different)) : [];
  const copies = pairs.map(([a, b]) => [files[a], files[b]] as const);
  return { people, distances, pictures: files.length, withoutFace: paths.length - files.length, copies };
}

async function measurePairs(path: string, options: Options): Promise<Measured> {
  const { copyDistance, encodingDistance, picturesOf, pictureOf, readPairs } = await import(
    "../../face/index.ts"
  );
  const { images } = options;
  if (images === undefined) {
    throw new FoveaError(
      "pairs-images",
      `${path} is a list of pairs, or no folder; give the folder of its pictures with --images, or name a folder of people.`,
    );
  }
  const list = await readPairs(path, images);
  const people = await encodePeople(picturesOf(list), options);
  const faceOf = (name: string) => encodingOf(people.encoded.get(pictureOf(images, name))!);
  const distances = { same: [] as number[], different: [] as number[] };
  const apart: (readonly [a: string, b: string])[] = [];
  for (const { a, b, same } of list.pairs) {
    const [first, second] = [faceOf(a), faceOf(b)];
    if (!first || !second) continue;
    distances[same ? "same" : "different"].push(encodingDistance(first, second));
    if (!same) apart.push([a, b]);
  }
  const { different } = distances;
  const within = different.length > 0 ? copyDistance(different) : 0;
  const copies = apart.filter((_, i) => different[i] <= within);
  const withFace = [...people.encoded.values()].filter(encodingOf).length;
  return { people, distances, pictures: withFace, withoutFace: people.encoded.size - withFace, copies };
}

/** One picture among those of two people makes every threshold too strict. */
function noteCopies(copies: Measured["copies"], options: Options): void {
  if (copies.length === 0) return;
  const [[a, b]] = copies;
  const count = formatCount(copies.length, "pair");
  note(
    `${count} of pictures of different people are (nearly) one picture, such as ${a} and ${b}: remove one of each, and calibrate again.`,
    options,
  );
}

function toText(
  { different, same, people }: Calibration,
  { pictures, withoutFace }: Measured,
  { out }: Options,
  { threshold, untold }: Told,
): string {
  const whose = people === undefined ? "" : ` of ${formatCount(people, "person", "people")}`;
  const left = withoutFace === 0 ? "" : `, ${withoutFace} without a clear face left out`;
  return [
    `${out}: ${formatCount(different, "different pair")} and ${formatCount(same, "same pair")} of ${formatCount(pictures, "picture")}${whose}${left}`,
    ...(untold ? [untold.message] : []),
    ...(threshold ? [thresholdText(threshold)] : []),
  ].join("\n");
}

function thresholdText({
  threshold,
  falseMatchRate,
  interval,
  spread,
  missRate,
}: CalibratedThreshold): string {
  const range = ([low, high]: readonly [number, number]) => `${rate(low)} to ${rate(high)}`;
  return [
    `threshold ${threshold.toFixed(4)}: false-match rate ${rate(falseMatchRate)}, misses ${(100 * missRate).toFixed(2)} % of same pairs`,
    `  95 %: ${range(interval)} if pairs were independent${spread ? `, ${range(spread)} for other people like these` : ""}`,
  ].join("\n");
}

function rate(value: number): string {
  return String(Number(value.toPrecision(3)));
}
