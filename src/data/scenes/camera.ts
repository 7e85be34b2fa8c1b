import type { Point } from "./shape.ts";

/** A pinhole camera that looks straight ahead over level ground. */
export interface Camera {
  /** Size of the picture in pixels. */
  width: number;
  height: number;
  /** Row of the horizon and column of the vanishing point, in pixels. */
  horizon: number;
  centre: number;
  /** Height of the eye over the ground in metres. */
  eye: number;
  /** Focal length in pixels: a metre at a depth of d metres is focal / d pixels long. */
  focal: number;
}

/** Pixels a metre at a depth. */
export function scaleAt(camera: Camera, depth: number): number {
  return camera.focal / depth;
}

/** The pixel that a point of the world falls on: x metres to the right of the camera, y above the ground. */
export function project(camera: Camera, x: number, y: number, depth: number): Point {
  const scale = scaleAt(camera, depth);
  return [camera.centre + x * scale, camera.horizon + (camera.eye - y) * scale];
}

/** The columns of the world that the picture shows at a depth: `[leftmost, rightmost]` in metres. */
export function visibleSpan(camera: Camera, depth: number): [number, number] {
  const scale = scaleAt(camera, depth);
  return [-camera.centre / scale, (camera.width - camera.centre) / scale];
}

/** The depth whose ground is at the picture's lower edge, in metres. */
export function nearestDepth(camera: Camera): number {
  return (camera.focal * camera.eye) / (camera.height - camera.horizon);
}

/** How far away a depth looks, 0 (here) to 1 (at the horizon): what haze goes by. */
export function distanceOf(depth: number): number {
  return Math.min(1, depth / 90);
}
