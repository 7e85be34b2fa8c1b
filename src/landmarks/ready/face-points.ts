import { packageVersion } from "../../core/index.ts";
import { encodeModel, Graph } from "../../graph/index.ts";
import {
  cardToMetadata,
  FaceApiLayers,
  LANDMARK_SIZE,
  landmarkNet,
  readFaceApiWeights,
  withAnyBatch,
} from "../../models/index.ts";
import type { LandmarkCard } from "../model-card.ts";
import { facePoints } from "../point-schemes.ts";

/** The net of 68 points of face-api, for any number of faces at once. */
export async function convertFacePoints([manifest]: readonly string[]): Promise<Uint8Array> {
  const graph = new Graph();
  const pictures = graph.input("pictures", [1, 3, LANDMARK_SIZE, LANDMARK_SIZE]);
  const points = landmarkNet(new FaceApiLayers(graph, await readFaceApiWeights(manifest)), pictures);
  const card: LandmarkCard = {
    task: "landmarks",
    model: "face-api 68",
    points: facePoints.names,
    lines: facePoints.lines,
    subject: "box",
    side: LANDMARK_SIZE,
    version: packageVersion(),
  };
  return withAnyBatch(encodeModel({ outputs: { points }, metadata: cardToMetadata(card), shapes: false }));
}
