import type { Xyxy } from "../geometry/index.ts";

/** One object found in a picture. */
export interface Detection {
  /** Its class's name. */
  label: string;
  classIndex: number;
  /** How sure the net is, in (0, 1]. */
  score: number;
  /** Corners in pixels of the upright original picture. */
  box: Xyxy;
}
