import type { DetectionFormat } from "../dataset.ts";
import { findCoco } from "./coco-sources.ts";
import { findVoc } from "./voc.ts";
import { findYolo } from "./yolo.ts";

/** The formats in which a folder has pictures with boxes. */
export async function findFormats(root: string): Promise<DetectionFormat[]> {
  const [voc, coco, yolo] = await Promise.all([findVoc(root), findCoco(root), findYolo(root)]);
  const found = [voc && "voc", coco.length > 0 && "coco", yolo && "yolo"];
  return found.filter(Boolean) as DetectionFormat[];
}
