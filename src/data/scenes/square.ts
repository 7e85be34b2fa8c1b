import type { Random } from "../../core/index.ts";
import type { Rgb } from "../../image/index.ts";
import type { Backdrop, Prop, Spot } from "./backdrop.ts";
import { type Camera, nearestDepth, project, visibleSpan } from "./camera.ts";
import { bench, bin, bollard, cone, lampPost, parasol, planter, trafficSign } from "./clutter.ts";
import { drawBuilding, facade } from "./facade.ts";
import { type Light, lit } from "./light.ts";
import { darken, greens, hex, lighten, vary } from "./palette.ts";
import { bush, tree } from "./plant.ts";
import type { Point } from "./shape.ts";
import { sky } from "./sky.ts";
import { strip } from "./street-along.ts";
import { areas, rectangle } from "./svg.ts";

/** An open place, paved or grown over, with houses or trees far behind; anything may stand anywhere. */
export function square(random: Random, camera: Camera, light: Light): Backdrop {
  const green = random.chance(0.4);
  const floor = vary(
    green ? random.pick(greens.slice(2)) : random.pick([hex("#b8b0a2"), hex("#a4a6a8"), hex("#c4a98a")]),
    random,
    14,
  );
  const back = random.uniform(28, 45);
  return {
    svg: [
      sky(random, camera, light),
      rectangle(0, camera.horizon, camera.width, camera.height, lit(light, floor, 0.12)),
      joints(random, camera, lit(light, green ? lighten(floor, 0.06) : darken(floor, 0.08), 0.12)),
      row(random, camera, light, back, green),
    ].join(""),
    props: props(random, camera, light, back, green),
    spot: (_, draw) => spot(draw, camera),
  };
}

/** Houses, or a hedge, at the far end. */
function row(random: Random, camera: Camera, light: Light, depth: number, green: boolean): string {
  const [left, right] = visibleSpan(camera, depth);
  const ground = project(camera, 0, 0, depth)[1];
  if (green) {
    const [, top] = project(camera, 0, random.uniform(1.5, 4), depth);
    const colour: Rgb = darken(random.pick(greens), 0.2);
    return rectangle(0, top, camera.width, ground + 1, lit(light, colour, 0.4));
  }
  const parts: string[] = [];
  for (let x = left - random.uniform(0, 5); x < right; ) {
    const building = drawBuilding(random);
    const start = x;
    parts.push(
      facade(random, building, (along, y) => project(camera, start + along, y, depth), light, depth),
    );
    x += building.length;
  }
  return parts.join("");
}

/** Joints of the paving, or mown stripes. */
function joints(random: Random, camera: Camera, fill: string): string {
  const result: Point[][] = [];
  const step = random.uniform(1.2, 3);
  if (random.chance(0.5))
    for (let x = -40; x < 40; x += step * 2) result.push(strip(camera, x, x + step, 28));
  else
    for (let depth = nearestDepth(camera) * 0.9; depth < 28; depth += step)
      result.push([...strip(camera, -60, 60, depth + 0.12, depth)]);
  return areas(result, fill);
}

function props(random: Random, camera: Camera, light: Light, back: number, green: boolean): Prop[] {
  const result: Prop[] = [];
  const put = (make: (random: Random) => Prop["figure"], from: number, to: number): void => {
    const depth = from * (to / from) ** random.next();
    const [left, right] = visibleSpan(camera, depth);
    result.push({ figure: make(random), x: random.uniform(left, right), depth });
  };
  const near = nearestDepth(camera);
  for (let i = random.integer(green ? 9 : 5); i > 0; i--) put(tree, near * 3, back);
  for (let i = random.integer(6); i > 0; i--)
    put(random.pick([bench, bin, bollard, planter, trafficSign, bush, cone, parasol]), near * 1.5, back);
  for (let i = random.integer(3); i > 0; i--) put((draw) => lampPost(draw, light.lamps), near * 2.5, back);
  return result;
}

function spot(random: Random, camera: Camera): Spot {
  const depth = nearestDepth(camera) * Math.exp(random.uniform(-0.05, 1.7));
  const [left, right] = visibleSpan(camera, depth);
  return {
    x: random.uniform(left, right),
    depth,
    facing: random.pick(["side", "side", "towards", "away"] as const),
    mirrored: random.chance(0.5),
  };
}
