export { cropPlanes, framePlanes } from "./frame-planes.ts";
export { withColorsOf } from "./keep-colors.ts";
export { matchColors } from "./match-colors.ts";
export { type Planes, toPicture, toPlanes } from "./planes.ts";
export { resizePlanes } from "./resize-planes.ts";
