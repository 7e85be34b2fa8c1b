export { addPlanes, cutPlanes } from "./cut-planes.ts";
export { alignedSize, type Extent, LARGEST_HALO, planPicture } from "./plan-picture.ts";
export { planWindows, type Window, type WindowOptions, type WindowPlan } from "./windows.ts";
