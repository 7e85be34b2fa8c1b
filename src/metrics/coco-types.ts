import type { Xywh } from "../geometry/index.ts";

/** Identifier of an image or a category. */
export type CocoId = number | string;

/** A class of objects. */
export interface CocoCategory {
  id: CocoId;
  name: string;
}

/** One object, or a crowd of them. */
export interface CocoAnnotation {
  imageId: CocoId;
  categoryId: CocoId;
  bbox: Xywh;
  /** Area in square pixels, that of the mask in COCO's own files. Default: that of the box. */
  area?: number;
  /** A region of many objects: detections inside it count neither as right nor as wrong. Default false. */
  iscrowd?: boolean;
}

/** What there is to find. */
export interface CocoGroundTruth {
  /** Ids of all images, also of those without objects. */
  images: readonly CocoId[];
  categories: readonly CocoCategory[];
  annotations: readonly CocoAnnotation[];
}

/** What was found. */
export interface CocoDetection {
  imageId: CocoId;
  categoryId: CocoId;
  bbox: Xywh;
  score: number;
}

/** COCO's twelve figures by name, each in [0, 1], or −1 where there is nothing to find. */
export interface CocoStats {
  /** Mean over classes and the IoU thresholds .50, .55 … .95 of the average precision. */
  AP: number;
  /** AP at IoU 0.5. */
  AP50: number;
  /** AP at IoU 0.75. */
  AP75: number;
  /** AP of objects below 32² square pixels. */
  APsmall: number;
  /** AP of objects from 32² to 96² square pixels. */
  APmedium: number;
  /** AP of objects above 96² square pixels. */
  APlarge: number;
  /** Mean over classes and IoU thresholds of the recall with one detection an image and class. */
  AR1: number;
  /** The same with ten. */
  AR10: number;
  /** The same with a hundred. */
  AR100: number;
  ARsmall: number;
  ARmedium: number;
  ARlarge: number;
}
