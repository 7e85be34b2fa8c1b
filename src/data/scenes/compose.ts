import { FoveaError, Random } from "../../core/index.ts";
import type { Xyxy } from "../../geometry/index.ts";
import type { LabelledBox } from "../dataset.ts";
import type { Backdrop, BackdropMaker, Subject } from "./backdrop.ts";
import type { Camera } from "./camera.ts";
import { drawCar } from "./car.ts";
import { countryAcross, countryAlong } from "./country.ts";
import { type Facing, type Figure, figureBoxInside } from "./figure.ts";
import { drawLight, type Light } from "./light.ts";
import { drawMotorcycle } from "./motorcycle.ts";
import { drawPedestrian } from "./pedestrian.ts";
import { plain } from "./plain.ts";
import { square } from "./square.ts";
import { streetAcross } from "./street-across.ts";
import { streetAlong } from "./street-along.ts";
import { overlap, type PlacedFigure, placeFigure, visibleShare } from "./visibility.ts";

/** The classes of generated scenes; a box's `classIndex` is a place in this list. */
export const sceneClasses: readonly Subject[] = ["pedestrian", "car", "motorcycle"];

/** What makes a scene. The same options and index give the same scene, byte for byte. */
export interface SceneOptions {
  /** Seed of all scenes, 0 by default. */
  seed?: number;
  /** Size of the pictures in pixels, 320 × 256 by default; 64 to 8192 each. */
  width?: number;
  height?: number;
  /** Most objects in a scene, 8 by default. */
  maxObjects?: number;
  /** Least height of an object as a share of the picture's, 0 … 0.5. Default 0: some are only 18 pixels high. */
  minHeight?: number;
  /** Share of scenes without any object, 0.05 by default. With 0 every scene has at least one. */
  emptyShare?: number;
}

/** An object of a scene. */
export interface SceneObject extends PlacedFigure {
  subject: Subject;
  /** Share of its surface that must stay visible when more objects come. */
  leastVisible: number;
}

/** A scene before it is drawn. */
export interface Composition {
  camera: Camera;
  light: Light;
  backdrop: Backdrop;
  props: PlacedFigure[];
  objects: SceneObject[];
  boxes: LabelledBox[];
  /** Draws what comes after the figures: rain, blur, noise. */
  random: Random;
}

const makers: readonly BackdropMaker[] = [
  streetAcross,
  streetAcross,
  streetAlong,
  streetAlong,
  countryAcross,
  countryAlong,
  square,
  plain,
];

/** An object is left out where less than this share of its surface would be visible: for one in six … */
const mostlyHidden = 0.3;
/** … and for the others. */
const mostlyVisible = 0.6;
/** Heights of objects: at least so many pixels, at most this share of the picture's height. */
const leastHeight = 18;
const greatestHeightShare = 0.7;
/** Perspective makes most things small: under this share of the picture's height an object comes with the chance below only. */
const smallHeightShare = 0.16;
const smallChance = 0.3;
/** Places that are tried for an object before the scene does without it. */
const attempts = 12;

/** Surroundings that are tried for a scene before it is given up as impossible. */
const rounds = 100;

/**
 * Composes a scene: light, camera, surroundings, and objects at places where they fit and are seen.
 *
 * @throws `scene-option` where the picture's shape leaves no room for any object
 */
export function composeScene(index: number, options: Required<SceneOptions>): Composition {
  const random = new Random(options.seed, index);
  const empty = options.maxObjects === 0 || random.chance(options.emptyShare);
  const wanted = empty ? 0 : 1 + Math.floor(options.maxObjects * random.next());
  for (let round = 0; round < rounds; round++) {
    const composition = tryComposition(random, wanted, options);
    if (empty || composition.objects.length > 0) return composition;
  }
  throw new FoveaError(
    "scene-option",
    `generateScene: a picture of ${options.width} × ${options.height} pixels has no room for any object; choose sides that differ less.`,
  );
}

function tryComposition(random: Random, wanted: number, options: Required<SceneOptions>): Composition {
  const light = drawLight(random);
  const camera = drawCamera(random, options);
  const backdrop = random.pick(makers)(random, camera, light);
  const props = backdrop.props.map((prop) => placeFigure(prop.figure, camera, { ...prop, mirrored: false }));
  const objects: SceneObject[] = [];
  const least = camera.height * options.minHeight;
  for (let i = 0; i < wanted; i++) addObject(random, backdrop, camera, light, props, objects, least);
  const boxes = objects.map((object) => ({
    classIndex: sceneClasses.indexOf(object.subject),
    box: insideBox(object, camera),
  }));
  return { camera, light, backdrop, props, objects, boxes, random };
}

function drawCamera(random: Random, { width, height }: Required<SceneOptions>): Camera {
  return {
    width,
    height,
    horizon: height * random.uniform(0.3, 0.5),
    centre: width * random.uniform(0.35, 0.65),
    eye: random.uniform(1.5, 3.2),
    focal: Math.sqrt(width * height) * random.uniform(0.95, 1.7),
  };
}

/** Tries places for one more object, and takes the first that leaves every object visible enough. */
function addObject(
  random: Random,
  backdrop: Backdrop,
  camera: Camera,
  light: Light,
  props: readonly PlacedFigure[],
  objects: SceneObject[],
  minHeight: number,
): void {
  const subject = random.pick(sceneClasses);
  const usual = random.chance(smallChance) ? leastHeight : camera.height * smallHeightShare;
  const least = Math.max(usual, minHeight);
  const share = random.chance(1 / 6) ? mostlyHidden : mostlyVisible;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const spot = backdrop.spot(subject, random);
    const figure = drawSubject(random, subject, spot.facing, light);
    const placed: SceneObject = { subject, leastVisible: share, ...placeFigure(figure, camera, spot) };
    if (!fits(placed, camera, least) || objects.some((other) => collide(placed, other))) continue;
    const all = [...props, ...objects, placed];
    const affected = objects.filter(
      (other) => other.depth > placed.depth && overlap(other.bounds, placed.bounds),
    );
    if ([placed, ...affected].every((object) => visibleShare(object, all, camera) >= object.leastVisible)) {
      objects.push(placed);
      return;
    }
  }
}

function drawSubject(random: Random, subject: Subject, facing: Facing, light: Light): Figure {
  switch (subject) {
    case "pedestrian":
      return drawPedestrian(random, facing);
    case "car":
      return drawCar(random, facing, light.lamps);
    case "motorcycle":
      return drawMotorcycle(random, facing, light.lamps, random.chance(0.8));
  }
}

/** Whether an object is neither too small nor too large for the picture. */
function fits({ bounds: [x1, y1, x2, y2] }: PlacedFigure, { width, height }: Camera, least: number): boolean {
  return y2 - y1 >= least && y2 - y1 <= height * greatestHeightShare && x2 - x1 <= width * 0.95;
}

/** Depth in metres that an object takes up on the ground. */
const footprint: Record<Subject, number> = { pedestrian: 0.5, car: 1.6, motorcycle: 0.9 };

/** Whether two objects would stand in one another. */
function collide(a: SceneObject, b: SceneObject): boolean {
  const gap = (footprint[a.subject] + footprint[b.subject]) / 2;
  return Math.abs(a.depth - b.depth) < gap && overlap(a.bounds, b.bounds);
}

/** The label: the tight box of the object's part in the picture, whatever hides it there. */
function insideBox(
  { figure, placement, bounds: [x1, y1, x2, y2] }: PlacedFigure,
  { width, height }: Camera,
): Xyxy {
  const box = figureBoxInside(figure, placement, width, height) ?? [x1, y1, x2, y2];
  return [Math.max(0, box[0]), Math.max(0, box[1]), Math.min(width, box[2]), Math.min(height, box[3])];
}
