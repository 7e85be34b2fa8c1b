import { type CachedModel, type Convert, cachedModel, readyModels } from "../../models/index.ts";
import { convertCoco } from "./coco.ts";
import { convertFaces, convertTinyFaces } from "./faces.ts";

export { cocoClasses } from "./coco-classes.ts";

const converters: Readonly<Record<string, Convert>> = {
  coco: convertCoco,
  faces: convertFaces,
  "faces-tiny": convertTinyFaces,
};

/** Names of the detectors that need no training. */
export const readyDetectors: readonly string[] = Object.keys(converters);

/** A ready detector's file, converted when it is first asked for; `onConvert` hears of it. */
export function openReadyDetector(name: string, onConvert?: () => void): Promise<CachedModel> {
  return cachedModel(readyModels.get(name)!, converters[name], onConvert);
}
