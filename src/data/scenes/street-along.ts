import type { Random } from "../../core/index.ts";
import type { Rgb } from "../../image/index.ts";
import type { Backdrop, Prop, Spot, Subject } from "./backdrop.ts";
import { type Camera, nearestDepth, project } from "./camera.ts";
import {
  bench,
  bin,
  bollard,
  cone,
  hydrant,
  lampPost,
  planter,
  postBox,
  trafficLight,
  trafficSign,
} from "./clutter.ts";
import { drawBuilding, facade } from "./facade.ts";
import { type Light, lit } from "./light.ts";
import { darken, hex, mix, vary, white } from "./palette.ts";
import { tree } from "./plant.ts";
import type { Point } from "./shape.ts";
import { sky } from "./sky.ts";
import { area, areas, rectangle } from "./svg.ts";

/** Half the road's width and a pavement's width in metres. */
const roadHalf = 3.7;
const pavementWidth = 3.2;
/** As far as things are drawn, in metres. */
const end = 90;

/** A city street seen along its course: traffic comes towards the viewer on one lane and leaves on the other. */
export function streetAlong(random: Random, camera: Camera, light: Light): Backdrop {
  // The camera stands a little to the side of the road's middle.
  const middle = random.uniform(-2.5, 2.5);
  return {
    svg: [
      sky(random, camera, light),
      ground(random, camera, light, middle),
      houses(random, camera, light, middle, -1),
      houses(random, camera, light, middle, 1),
    ].join(""),
    props: props(random, camera, light, middle),
    spot: (subject, draw) => spotAlong(subject, draw, camera, middle, roadHalf, pavementWidth),
  };
}

/** The part of the ground between two lines along the street. */
export function strip(camera: Camera, left: number, right: number, far = 400, near = 0.5): Point[] {
  return [
    project(camera, left, 0, far),
    project(camera, right, 0, far),
    project(camera, right, 0, near),
    project(camera, left, 0, near),
  ];
}

function ground(random: Random, camera: Camera, light: Light, middle: number): string {
  const pavement = vary(hex("#b9b4aa"), random, 12);
  const asphalt = vary(hex(light.raining ? "#565c63" : "#6b6e72"), random, 8);
  const paint = (colour: Rgb): string => lit(light, colour, 0.15);
  const [left, right] = [middle - roadHalf, middle + roadHalf];
  const mark = mix(white, asphalt, 0.15);
  const zebra = random.uniform(7, 16);
  const stripes: Point[][] = [];
  if (random.chance(0.35))
    for (let x = left + 0.4; x + 0.5 < right; x += 1)
      stripes.push(strip(camera, x, x + 0.5, zebra + 3, zebra));
  return [
    rectangle(0, camera.horizon, camera.width, camera.height, paint(pavement)),
    area(strip(camera, left - 0.3, right + 0.3), paint(darken(pavement, 0.22))),
    area(strip(camera, left, right), paint(asphalt)),
    areas(dashes(camera, middle), paint(mark)),
    areas(stripes, paint(mark)),
  ].join("");
}

/** The dashed line along the middle of a road. */
export function dashes(camera: Camera, x: number): Point[][] {
  const result: Point[][] = [];
  for (let depth = 1.5; depth < 60; depth += 5)
    result.push(strip(camera, x - 0.08, x + 0.08, depth + 2.5, depth));
  return result;
}

/** A row of houses on one side (−1 left, 1 right), the far ones first. */
function houses(random: Random, camera: Camera, light: Light, middle: number, side: -1 | 1): string {
  const x = middle + side * (roadHalf + pavementWidth);
  const rows: string[] = [];
  for (let depth = 1; depth < end; ) {
    const building = drawBuilding(random);
    const start = depth;
    const face = facade(random, building, (along, y) => project(camera, x, y, start + along), light, start);
    // Its end wall, where the house before it is lower.
    const wall = [
      project(camera, x, 0, start),
      project(camera, x, building.height, start),
      project(camera, x + side * 12, building.height, start),
      project(camera, x + side * 12, 0, start),
    ];
    rows.push(area(wall, lit(light, darken(building.colour, 0.3), start / end)) + face);
    depth += building.length + (random.chance(0.2) ? random.uniform(2, 5) : 0);
  }
  return rows.reverse().join("");
}

function props(random: Random, camera: Camera, light: Light, middle: number): Prop[] {
  const result: Prop[] = [];
  const gap = random.uniform(9, 15);
  const [posts, trees] = [random.chance(0.7), random.chance(0.55)];
  const near = nearestDepth(camera) * 1.3;
  for (const side of [-1, 1]) {
    const x = middle + side * (roadHalf + 0.6);
    for (let depth = near + random.uniform(2, gap); depth < 60; depth += gap) {
      if (posts) result.push({ figure: lampPost(random, light.lamps), x, depth });
      if (trees) result.push({ figure: tree(random), x: x + side * 0.4, depth: depth + gap / 2 });
    }
  }
  const items = [bench, bin, bollard, hydrant, planter, postBox, trafficSign, trafficLight];
  for (let i = random.integer(5); i > 0; i--)
    result.push({
      figure: random.pick(items)(random),
      x: middle + random.pick([-1, 1]) * (roadHalf + random.uniform(0.5, 2.8)),
      depth: near * Math.exp(random.uniform(0.1, 1.8)),
    });
  if (random.chance(0.12))
    for (let i = 0; i < 3; i++)
      result.push({ figure: cone(), x: middle + roadHalf - 0.5, depth: near * (1.4 + i * 0.5) });
  return result;
}

/** A place by the side of a road that leads away from the viewer, or on it. */
export function spotAlong(
  subject: Subject,
  random: Random,
  camera: Camera,
  middle: number,
  half: number,
  side: number,
): Spot {
  const depth = nearestDepth(camera) * Math.exp(random.uniform(-0.05, 1.75));
  if (subject === "pedestrian") {
    const crossing = random.chance(0.2);
    const away = half + random.uniform(0.4, side - 0.4);
    return {
      x: middle + (crossing ? random.uniform(-half, half) : random.pick([-1, 1]) * away),
      depth,
      facing: crossing || random.chance(0.25) ? "side" : random.pick(["towards", "away"] as const),
      mirrored: random.chance(0.5),
    };
  }
  const lane = random.pick([-1, 1]);
  const sway = subject === "motorcycle" ? random.uniform(-0.9, 0.9) : random.uniform(-0.3, 0.3);
  return {
    x: middle + (lane * half) / 2 + sway,
    depth,
    facing: lane < 0 ? "towards" : "away",
    mirrored: false,
  };
}
