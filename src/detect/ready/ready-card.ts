import { packageVersion } from "../../core/index.ts";
import type { DetectorCard } from "../model-card.ts";

/** The card of a detector that Fovea did not train. */
export function readyCard(
  model: string,
  classes: string[],
  input: DetectorCard["input"],
  { score, iou }: { score: number; iou: number },
): DetectorCard {
  return {
    task: "detect",
    model,
    classes,
    input,
    grids: [],
    scoreThreshold: score,
    iouThreshold: iou,
    trainedOn: "",
    version: packageVersion(),
  };
}
