export { addPlanes, cutPlanes } from "./cut-planes.ts";
export { alignedSize, areExact, type Extent, planPicture } from "./plan-picture.ts";
export { planWindows, type Window, type WindowOptions, type WindowPlan } from "./windows.ts";
