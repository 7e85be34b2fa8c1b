export { type Affine, composeAffine, invertAffine, transformBox, transformPoint } from "./affine.ts";
export { type AnchorClusters, type AnchorOptions, assignAnchor, kMeansAnchors } from "./anchors.ts";
export type { Cxcywh, Xywh, Xyxy } from "./box.ts";
export { boxAround } from "./box-around.ts";
export { clipBox } from "./clip.ts";
export {
  cxcywhToXywh,
  cxcywhToXyxy,
  xywhToCxcywh,
  xywhToXyxy,
  xyxyToCxcywh,
  xyxyToXywh,
} from "./convert.ts";
export { ciou, diou, giou } from "./distance-iou.ts";
export type { FlatBoxes } from "./flat-boxes.ts";
export { type BoxShape, boxArea, intersectionArea, iou, iouMatrix, shapeIou } from "./iou.ts";
export { boxFromLetterbox, boxToLetterbox, type Letterbox, letterbox } from "./letterbox.ts";
export { type NmsOptions, nms, nmsPerClass } from "./nms.ts";
export { type Point, similarityTransform } from "./similarity.ts";
