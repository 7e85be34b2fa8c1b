export { classIndexOf } from "./classes.ts";
export type { Fit } from "./fit-picture.ts";
export { InspectedNet, type NetOptions } from "./open-net.ts";
export { LUMA, layoutOf, type PictureLayout, toPixels } from "./picture-tensor.ts";
export { intersect, type PixelBox, type View } from "./view.ts";
