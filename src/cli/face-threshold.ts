import { Option } from "commander";
import { FoveaError } from "../core/index.ts";
import type { Calibration, FaceFinder } from "../face/index.ts";
import type { GlobalOptions } from "./options.ts";
import { note } from "./output.ts";
import { number, parsePath } from "./parse.ts";

/** Options of the commands that decide by a distance. */
export interface ThresholdOptions {
  threshold?: number;
  calibration?: string;
  mirror: boolean;
}

/** The distance up to which two faces are taken for one person's. */
export interface ThresholdChoice {
  threshold: number;
  /** In words, what the threshold stands for. */
  stated: string;
  /** What the rates come from, where there is something. */
  calibration?: Calibration;
}

/** Of a finder, what a threshold depends on. */
type DecidingFinder = Pick<FaceFinder, "encoder" | "threshold">;

export function falseMatchRateOption(usual: string): Option {
  return new Option(
    "--false-match-rate <rate>",
    "share of pairs of different people that may be taken for one person's",
  )
    .argParser(number(1e-9, 0.5))
    .default(Number(usual), usual);
}

export function thresholdOption(): Option {
  return new Option("--threshold <distance>", "decide by this distance instead").argParser(number(0, 100));
}

export function calibrationOption(): Option {
  return new Option(
    "--calibration <file>",
    "rates measured on your own pictures, by `fovea face calibrate` (default: those of Labeled Faces in the Wild)",
  ).argParser(parsePath);
}

/** The threshold for a rate of false matches, or the one that is given. @throws what {@link calibrationOf} throws */
export async function verificationThreshold(
  finder: DecidingFinder,
  options: ThresholdOptions & { falseMatchRate: number },
): Promise<ThresholdChoice> {
  const calibration = await calibrationOf(finder, options);
  const { threshold, falseMatchRate } = options;
  if (threshold !== undefined) return { threshold, stated: "as given", calibration };
  const { thresholdFor } = await import("../face/index.ts");
  const pairs = Number((1 / falseMatchRate).toPrecision(3)).toLocaleString("en");
  return {
    threshold: thresholdFor(calibration!, falseMatchRate).threshold,
    stated: `one false match in ${pairs} pairs of different people`,
    calibration,
  };
}

/** The threshold for a rate of false alarms among so many enrolled faces, or the one that is given. */
export async function identificationChoice(
  finder: DecidingFinder,
  faces: number,
  options: ThresholdOptions & GlobalOptions & { falseAlarmRate: number },
): Promise<ThresholdChoice> {
  const calibration = await calibrationOf(finder, options);
  if (options.threshold !== undefined)
    return { threshold: options.threshold, stated: "as given", calibration };
  const { identificationThreshold } = await import("../face/index.ts");
  const { threshold, falseAlarmRate } = identificationThreshold(
    calibration!,
    options.falseAlarmRate,
    Math.max(1, faces),
  );
  const rate = Number(falseAlarmRate.toPrecision(2));
  const isMore = falseAlarmRate > options.falseAlarmRate;
  if (isMore) {
    note(
      `Among ${faces.toLocaleString("en-US")} enrolled pictures ${rate} of strangers are taken for somebody, not ${options.falseAlarmRate}: the calibration has too few pairs to tell less. Calibrate with more people (fovea face calibrate), or give a lower --threshold.`,
      options,
    );
  }
  const more = isMore ? ", the least that the calibration can tell" : "";
  return { threshold, stated: `${rate} of strangers are taken for somebody${more}`, calibration };
}

/**
 * The calibration that the options name, or the one that is known; none is needed where a threshold is given.
 * @throws FoveaError `calibration-missing` for a net whose rates nobody measured; what reading a calibration throws
 */
async function calibrationOf(
  finder: DecidingFinder,
  { threshold, calibration: file, mirror }: ThresholdOptions,
): Promise<Calibration | undefined> {
  const { encoder } = finder;
  const { readCalibration, readyCalibration } = await import("../face/index.ts");
  const calibration = file
    ? await readCalibration(file, { encoder, mirror })
    : readyCalibration(encoder, mirror);
  if (!calibration && threshold === undefined) {
    throw new FoveaError(
      "calibration-missing",
      `Nobody measured which distances of encoder \`${encoder.name}\` are those of one person: run \`fovea face calibrate\` and give its file as --calibration, or give --threshold${trainedThreshold(finder)}.`,
    );
  }
  return calibration;
}

/** The end of "give --threshold" that names the distance that an encoder's training has found best, if it has. */
export function trainedThreshold({ threshold }: Pick<FaceFinder, "threshold">): string {
  return threshold === undefined
    ? ""
    : ` ${threshold.toFixed(3)}, by which most pairs of the people kept apart in its training are told rightly`;
}
