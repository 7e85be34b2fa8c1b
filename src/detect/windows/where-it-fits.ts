import type { ObjectDetector } from "../evaluate.ts";
import { levelsOf } from "./pyramid.ts";
import type { WindowDetector } from "./window-detector.ts";

/** A detector that finds nothing in a picture in which no window fits: one such must not end a training or a measurement. */
export function whereItFits(detector: WindowDetector): ObjectDetector {
  return {
    classes: detector.classes,
    async detect(picture) {
      const { width, height } = picture;
      return levelsOf(picture, detector.card).length > 0
        ? detector.detect(picture)
        : { detections: [], width, height, timings: { decodeMs: 0, inferMs: 0 } };
    },
  };
}
