import { encodeModel, Graph, type Value } from "../../graph/index.ts";
import {
  cardToMetadata,
  cornerboxGraph,
  FaceApiLayers,
  type FaceCandidates,
  readFaceApiWeights,
  SSD_SIZE,
  ssdMobileNet,
  TINY_SIZE,
  tinyFaceDetector,
} from "../../models/index.ts";
import { selectDetections } from "../postprocess.ts";
import { readyCard } from "./ready-card.ts";

interface FaceNet {
  model: string;
  size: number;
  build: (layers: FaceApiLayers, pictures: Value) => FaceCandidates;
  thresholds: { score: number; iou: number };
}

/** A face detector's file: its net with all that comes before and after. */
async function convert(manifest: string, { model, size, build, thresholds }: FaceNet): Promise<Uint8Array> {
  const weights = await readFaceApiWeights(manifest);
  const graph = new Graph();
  const image = graph.input("image", ["height", "width", 3], "uint8");
  const placed = cornerboxGraph(image, size);
  const { boxes, scores } = build(new FaceApiLayers(graph, weights), placed.pictures);
  const card = readyCard(model, ["face"], { width: size, height: size }, thresholds);
  const outputs = selectDetections(boxes, scores, placed, thresholds);
  return encodeModel({ outputs: { ...outputs }, metadata: cardToMetadata(card) });
}

/** The more exact of the two. */
export function convertFaces([manifest]: readonly string[]): Promise<Uint8Array> {
  const thresholds = { score: 0.5, iou: 0.5 };
  return convert(manifest, { model: "ssd mobilenet", size: SSD_SIZE, build: ssdMobileNet, thresholds });
}

/** The faster of the two. */
export function convertTinyFaces([manifest]: readonly string[]): Promise<Uint8Array> {
  const thresholds = { score: 0.5, iou: 0.4 };
  return convert(manifest, { model: "yolov2 tiny", size: TINY_SIZE, build: tinyFaceDetector, thresholds });
}
