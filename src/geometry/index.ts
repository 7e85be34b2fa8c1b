export type { Cxcywh, Xywh, Xyxy } from "./box.ts";
