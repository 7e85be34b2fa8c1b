import type { Random } from "../../core/index.ts";
import type { Camera } from "./camera.ts";
import type { Facing, Figure } from "./figure.ts";
import type { Light } from "./light.ts";

/** What the scenes show, in the order of the class indices. */
export type Subject = "pedestrian" | "car" | "motorcycle";

/** A place in the world for something that stands on the ground. */
export interface Spot {
  /** Metres to the right of the camera. */
  x: number;
  /** Metres before the camera. */
  depth: number;
  facing: Facing;
  /** Looks to the left, where it is seen from the side. */
  mirrored: boolean;
}

/** Something that stands about and is no object of any class. */
export interface Prop {
  figure: Figure;
  x: number;
  depth: number;
}

/** The surroundings of a scene. */
export interface Backdrop {
  /** Everything that is drawn before the figures, as SVG elements. */
  svg: string;
  props: Prop[];
  /** Draws a place where such a subject may be. */
  spot(subject: Subject, random: Random): Spot;
}

/** Draws the surroundings for a camera and a light. */
export type BackdropMaker = (random: Random, camera: Camera, light: Light) => Backdrop;
