import { WindowDetector } from "../../detect/windows/index.ts";
import { requireModel, windowsUse } from "../model-names.ts";
import { detectCommand } from "./detect-files.ts";
import type { WindowsOptions } from "./windows.ts";

/** `fovea windows`: finds objects in files by their windows, and prints them as `fovea detect` does. */
export function windowsCommand(patterns: readonly string[], options: WindowsOptions): Promise<void> {
  return detectCommand(patterns, options, async ({ model, score, iou, threads, device }) => {
    const { method } = options;
    const load = { method, scoreThreshold: score, iouThreshold: iou, threads, device };
    await requireModel(model, windowsUse);
    const detector = await WindowDetector.load(model, load);
    return {
      find: async (picture) => (await detector.detect(picture)).detections,
      close: () => detector.close(),
    };
  });
}
