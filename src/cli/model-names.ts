import { existsSync } from "node:fs";
import { extname } from "node:path";
import { FoveaError, nearestNames } from "../core/index.ts";
import type { ReadyTask } from "../models/index.ts";

/** What a command wants a model for. */
export interface ModelUse {
  /** How messages call it: "detector". */
  thing: string;
  /** The ready models that will do; none where this is left out. */
  task?: ReadyTask;
}

export const detectorUse: ModelUse = { thing: "detector", task: "detect" };
export const pointsUse: ModelUse = { thing: "net of points", task: "landmarks" };
export const encoderUse: ModelUse = { thing: "encoder of faces", task: "describe" };
export const localizerUse: ModelUse = { thing: "localizer" };
export const windowsUse: ModelUse = { thing: "net of windows" };
export const classifierUse: ModelUse = { thing: "classifier" };
export const painterUse: ModelUse = { thing: "painter" };

/** The commands that ready models are for. */
const COMMANDS: Readonly<Record<ReadyTask, string>> = {
  detect: "fovea detect",
  landmarks: "fovea landmarks",
  describe: "fovea face",
  liveness: "fovea face identify --liveness",
};

/**
 * Refuses a name that no model has that would do, and says which have one. What looks like a file is left to whoever
 * opens it.
 *
 * @throws FoveaError `model-unknown`
 */
export async function requireModel(source: string, { thing, task }: ModelUse): Promise<void> {
  if (!(await isMereName(source))) return;
  const { readyModels, shippedBackbones } = await import("../models/index.ts");
  const ready = [...readyModels.values()].filter((model) => model.task === task).map(({ name }) => name);
  if (ready.includes(source)) return;
  const other = readyModels.get(source);
  const choice = ready.length === 0 ? "" : `choose ${byLikeness(source, ready)}, or `;
  const remedy = `${choice}give the path of an .onnx file`;
  let fault = `There is no ${thing} "${source}"`;
  if (other) fault = `"${source}" is no ${thing}, but for \`${COMMANDS[other.task]}\` (${other.summary})`;
  else if ((await shippedBackbones()).includes(source))
    fault = `"${source}" is no ${thing}, but a backbone, which trainings start from (--backbone)`;
  throw new FoveaError("model-unknown", `${fault}; ${remedy}.`);
}

/**
 * Refuses a name that no ready model and no backbone has.
 *
 * @throws FoveaError `model-unknown`
 */
export async function requireAnyModel(source: string): Promise<void> {
  if (!(await isMereName(source))) return;
  const { readyModels, shippedBackbones } = await import("../models/index.ts");
  const names = [...(await shippedBackbones()), ...readyModels.keys()];
  if (names.includes(source)) return;
  throw new FoveaError(
    "model-unknown",
    `There is no model "${source}"; choose ${byLikeness(source, names)}, or give the path of an .onnx file.`,
  );
}

/** All of the names, those most like a word first. */
export function byLikeness(asked: string, names: readonly string[]): string {
  return nearestNames(asked, names, names.length).join(", ");
}

/** Neither a file nor what is called like one, nor an address. */
async function isMereName(source: string): Promise<boolean> {
  const { isAddress } = await import("../models/index.ts");
  return extname(source) === "" && !isAddress(source) && !existsSync(source);
}
