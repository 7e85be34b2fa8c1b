import { tensor } from "../../core/index.ts";
import {
  cast,
  compose,
  encodeModel,
  equal,
  Graph,
  reshape,
  slice,
  type Value,
  where,
} from "../../graph/index.ts";
import { cardToMetadata, importTfjs, letterboxGraph, readTfjsModel } from "../../models/index.ts";
import { selectDetections } from "../postprocess.ts";
import { cocoClasses } from "./coco-classes.ts";
import { readyCard } from "./ready-card.ts";

const INPUT = { width: 512, height: 512 };

/**
 * The detector of COCO's 80 classes: CenterNet (Zhou et al. 2019) on MobileNetV3, whose file gives its hundred best
 * finds. Pictures are letterboxed in black, which it was trained with.
 */
export async function convertCoco([file]: readonly string[]): Promise<Uint8Array> {
  const { inputs, outputs } = importTfjs(await readTfjsModel(file), { channelsFirst: true });
  const graph = new Graph();
  const image = graph.input("image", ["height", "width", 3], "uint8");
  const letterboxed = letterboxGraph(image, INPUT, 0);
  const pictures = cast(letterboxed.pictures, "float32");
  const net = compose(
    { detections: outputs["tower_0/detections"] },
    new Map([[inputs["tower_0/images"], pictures]]),
  );
  const { detections } = net.outputs; // [1, 100, 6]: corners, score, class
  const card = readyCard("centernet", [...cocoClasses], INPUT, { score: 0.3, iou: 0.6 });
  const found = selectDetections(slice(detections, 2, 0, 4), scoresByClass(detections), letterboxed, {
    score: card.scoreThreshold,
    iou: card.iouThreshold,
  });
  return encodeModel({ outputs: { ...found }, metadata: cardToMetadata(card) });
}

/** `[1, classes, 100]`: each find's score at its class. */
function scoresByClass(detections: Value): Value {
  const { graph } = detections;
  const column = (i: number) => reshape(slice(detections, 2, i, i + 1), [1, 1, detections.dims[1]]);
  const classes = graph.constant(
    tensor(
      cocoClasses.map((_, i) => i),
      [1, cocoClasses.length, 1],
    ),
  );
  return where(equal(column(5), classes), column(4), 0);
}
