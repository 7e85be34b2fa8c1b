import { type CachedModel, type Convert, cachedModel, readyModels } from "../../models/index.ts";
import { convertBody } from "./body.ts";
import { convertFacePoints } from "./face-points.ts";

const converters: Readonly<Record<string, Convert>> = { "face-points": convertFacePoints, body: convertBody };

/** Names of the models of points that need no training. */
export const readyLandmarkers: readonly string[] = Object.keys(converters);

/** A ready model's file, converted when it is first asked for; `onConvert` hears of it. */
export function openReadyLandmarker(name: string, onConvert?: () => void): Promise<CachedModel> {
  return cachedModel(readyModels.get(name)!, converters[name], onConvert);
}
