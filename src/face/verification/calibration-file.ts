import { readFile } from "node:fs/promises";
import { FoveaError, messageOf, writeOutput } from "../../core/index.ts";
import { type EncoderModel, isEncoderModel } from "../encoder-model.ts";
import type { Calibration, CalibrationPoint } from "./calibration.ts";

const FORMAT = "fovea-face-calibration";
const VERSION = 1;

/** Writes a calibration as JSON. @throws FoveaError `output-unwritable` */
export async function saveCalibration(path: string, calibration: Calibration): Promise<void> {
  const { points, ...head } = calibration;
  const lines = points.map((point) => `    ${JSON.stringify(point)}`).join(",\n");
  const text = JSON.stringify({ format: FORMAT, version: VERSION, ...head, points: [] }, null, 2);
  await writeOutput(path, `${text.replace('"points": []', () => `"points": [\n${lines}\n  ]`)}\n`);
}

/**
 * Reads a calibration that {@link saveCalibration} wrote.
 *
 * @param use the encoder that it is meant for, and whether it averages mirror images; not checked where not given
 * @throws FoveaError `calibration-unreadable`, `calibration-other-model`
 */
export async function readCalibration(
  path: string,
  use?: { encoder: EncoderModel; mirror: boolean },
): Promise<Calibration> {
  const calibration = parseCalibration(await readText(path), path);
  if (use) requireCalibrationFor(calibration, use, path);
  return calibration;
}

/**
 * Refuses a calibration of another encoder: its distances say nothing of this one's.
 * @throws FoveaError `calibration-other-model`
 */
export function requireCalibrationFor(
  calibration: Calibration,
  { encoder, mirror }: { encoder: EncoderModel; mirror: boolean },
  path: string = "The calibration",
): void {
  if (calibration.encoder.digest !== encoder.digest) {
    throw new FoveaError(
      "calibration-other-model",
      `${path} was measured with encoder \`${calibration.encoder.name}\` (${calibration.encoder.digest.slice(0, 12)}…), but \`${encoder.name}\` (${encoder.digest.slice(0, 12)}…) encodes: calibrate that one with \`fovea face calibrate\`.`,
    );
  }
  if (calibration.mirror !== mirror) {
    const [measured, used] = [calibration.mirror, mirror].map((is) => (is ? "with" : "without"));
    throw new FoveaError(
      "calibration-other-model",
      `${path} was measured ${measured} mirror images, but faces are encoded ${used} them: ${calibration.mirror ? "leave out" : "add"} --no-mirror, or calibrate again.`,
    );
  }
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: unknown) => {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const why = missing
      ? "does not exist: check the path and the spelling"
      : `cannot be read (${messageOf(cause)})`;
    throw new FoveaError("calibration-unreadable", `Calibration \`${path}\` ${why}.`, { cause });
  });
}

function parseCalibration(text: string, path: string): Calibration {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(path, "it is not JSON", cause);
  }
  if (value?.format !== FORMAT) throw unreadable(path, `its \`format\` is not "${FORMAT}"`);
  if (value.version !== VERSION)
    throw unreadable(path, `its version is ${String(value.version)}, not ${VERSION}`);
  const { encoder, mirror, different, same, people, pictures, points } = value;
  if (!isEncoderModel(encoder) || typeof mirror !== "boolean")
    throw unreadable(path, "it does not say which encoder it is of");
  if (!isCount(different) || !isCount(same)) throw unreadable(path, "it lacks its numbers of pairs");
  if (!Array.isArray(points) || points.length === 0) throw unreadable(path, "it has no points");
  for (const [i, point] of points.entries()) {
    const before = points[i - 1] as CalibrationPoint | undefined;
    if (!isPoint(point, before, different)) throw unreadable(path, `its point ${i + 1} is no measurement`);
  }
  const counts = {
    people: isCount(people) ? people : undefined,
    pictures: isCount(pictures) ? pictures : undefined,
  };
  return { encoder, mirror, different, same, ...counts, points };
}

function unreadable(path: string, why: string, cause?: unknown): FoveaError {
  return new FoveaError(
    "calibration-unreadable",
    `${path} is no calibration of faces: ${why}; give a file that \`fovea face calibrate\` wrote.`,
    { cause },
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

/** Distances and counts must ascend, shares be shares. */
function isPoint(
  value: unknown,
  before: CalibrationPoint | undefined,
  different: number,
): value is CalibrationPoint {
  const { distance, falseMatches, missRate, spread } = (value ?? {}) as Partial<CalibrationPoint>;
  const isShare = (share: unknown) => typeof share === "number" && share >= 0 && share <= 1;
  return (
    Number.isFinite(distance) &&
    isCount(falseMatches) &&
    falseMatches <= different &&
    isShare(missRate) &&
    (spread === undefined || (Array.isArray(spread) && spread.length === 2 && spread.every(isShare))) &&
    (before === undefined || (distance! > before.distance && falseMatches > before.falseMatches))
  );
}
