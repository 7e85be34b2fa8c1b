import { packageVersion } from "../../core/index.ts";
import {
  cast,
  compose,
  concat,
  div,
  encodeModel,
  Graph,
  mul,
  reshape,
  slice,
  sub,
  transpose,
  type Value,
} from "../../graph/index.ts";
import { cardToMetadata, importTfjs, letterboxGraph, readTfjsModel } from "../../models/index.ts";
import type { LandmarkCard } from "../model-card.ts";
import { bodyPoints } from "../point-schemes.ts";

const SIDE = 192;

/** MoveNet Lightning (Votel & Li 2021): the joints of the one person in the middle of a picture. */
export async function convertBody([file]: readonly string[]): Promise<Uint8Array> {
  const { inputs, outputs } = importTfjs(await readTfjsModel(file));
  const graph = new Graph();
  const image = graph.input("image", ["height", "width", 3], "uint8");
  const letterboxed = letterboxGraph(image, { width: SIDE, height: SIDE }, 0);
  const pictures = transpose(cast(letterboxed.pictures, "int32"), [0, 2, 3, 1]);
  const net = compose({ joints: outputs.Identity }, new Map([[inputs.input, pictures]]));
  const joints = reshape(net.outputs.joints, [bodyPoints.names.length, 3]); // y, x, score
  const { padX, padY, scaleX, scaleY } = letterboxed;
  const inPicture = (column: number, pad: Value, scale: Value) =>
    div(sub(mul(slice(joints, 1, column, column + 1), SIDE), pad), scale);
  const points = concat([inPicture(1, padX, scaleX), inPicture(0, padY, scaleY), slice(joints, 1, 2, 3)], 1);
  const card: LandmarkCard = {
    task: "landmarks",
    model: "movenet lightning",
    points: bodyPoints.names,
    lines: bodyPoints.lines,
    subject: "picture",
    side: SIDE,
    version: packageVersion(),
  };
  return encodeModel({ outputs: { points }, metadata: cardToMetadata(card) });
}
