export { Landmarker, type LandmarkerOptions, type Landmarks } from "./landmarker.ts";
export type { LandmarkCard } from "./model-card.ts";
export { bodyPoints, facePoints, type PointScheme } from "./point-schemes.ts";
export { openReadyLandmarker, readyLandmarkers } from "./ready/index.ts";
