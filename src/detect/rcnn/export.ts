import { type Tensor, tensor } from "../../core/index.ts";
import {
  add,
  cast,
  concat,
  encodeModel,
  Graph,
  greater,
  maximum,
  mul,
  slice,
  squeeze,
  sub,
  type Value,
} from "../../graph/index.ts";
import { cardToMetadata, type Letterboxed, letterboxGraph } from "../../models/index.ts";
import { Scope } from "../../nn/index.ts";
import type { DetectorCard } from "../model-card.ts";
import {
  anchorsOf,
  type FasterRcnnConfig,
  type FastRcnnConfig,
  inferenceRegions,
  type RcnnConfig,
} from "./config.ts";
import { rcnnFeatures, roiHeads, rpnHead } from "./net.ts";
import { regionAnswers } from "./region-answers.ts";
import { regionDetections } from "./region-detections.ts";
import { type Regions, selectRegions } from "./select-regions.ts";

/** Name of the input that holds a Fast R-CNN's proposals. */
export const PROPOSALS = "proposals";

/**
 * The file that ships, with the inputs and outputs of every detector: uint8 picture `[height, width, 3]` in; boxes,
 * scores and classes out. Both stages, and what comes before and after, are inside.
 */
export function exportRcnn(
  config: FasterRcnnConfig,
  values: ReadonlyMap<string, Tensor>,
  card: DetectorCard,
): Uint8Array {
  const graph = new Graph();
  const scope = new Scope(graph, { values });
  const letterboxed = letterboxGraph(graph.input("image", ["height", "width", 3], "uint8"), config.input);
  const features = rcnnFeatures(scope, letterboxed.pictures, config);
  const { objectness, codes } = rpnHead(scope.at("rpn"), features, config);
  const anchors = anchorsOf(config);
  const corners = graph.constant(tensor([...anchors], [anchors.length / 4, 4]));
  const [logits, anchorCodes] = [squeeze(objectness, [0]), squeeze(codes, [0])];
  const regions = selectRegions(logits, anchorCodes, corners, config.input, inferenceRegions);
  const answers = roiHeads(scope.at("head"), features, [regions.boxes], config);
  return encode(regionDetections(answers, regions, letterboxed, thresholdsOf(card)), card);
}

/**
 * The file of an R-CNN or Fast R-CNN: beside the picture it takes proposals `[most, 4]`, corners in pixels of the picture; rows of
 * zeros fill up. `Detector` searches for them as the card says.
 */
export function exportFastRcnn(
  config: FastRcnnConfig | RcnnConfig,
  values: ReadonlyMap<string, Tensor>,
  card: DetectorCard,
): Uint8Array {
  const graph = new Graph();
  const scope = new Scope(graph, { values });
  const letterboxed = letterboxGraph(graph.input("image", ["height", "width", 3], "uint8"), config.input);
  const proposals = graph.input(PROPOSALS, [config.proposals.most, 4]);
  const regions = inInput(proposals, letterboxed);
  const answers = regionAnswers(scope, letterboxed.pictures, [regions.boxes], config);
  return encode(regionDetections(answers, regions, letterboxed, thresholdsOf(card)), card);
}

/** Proposals in the net's input; what only fills up has no size, and becomes a pixel that does not count. */
function inInput(proposals: Value, { scaleX, scaleY, padX, padY }: Letterboxed): Regions {
  const corner = (at: number) => slice(proposals, 1, at, at + 1);
  const [left, top] = [add(mul(corner(0), scaleX), padX), add(mul(corner(1), scaleY), padY)];
  const right = maximum(add(mul(corner(2), scaleX), padX), add(left, 1));
  const bottom = maximum(add(mul(corner(3), scaleY), padY), add(top, 1));
  const valid = cast(greater(sub(corner(2), corner(0)), 0), "float32");
  return { boxes: concat([left, top, right, bottom], 1), valid };
}

function thresholdsOf({ scoreThreshold, iouThreshold }: DetectorCard) {
  return { score: scoreThreshold, iou: iouThreshold };
}

function encode(outputs: Record<string, Value>, card: DetectorCard): Uint8Array {
  return encodeModel({ outputs, metadata: cardToMetadata(card) });
}
