import type { Random } from "../../core/index.ts";
import type { Backdrop, Prop, Spot, Subject } from "./backdrop.ts";
import { type Camera, distanceOf, nearestDepth, project, visibleSpan } from "./camera.ts";
import { bench, bin, bollard, hydrant, lampPost, parasol, planter, postBox, trafficSign } from "./clutter.ts";
import { drawBuilding, facade } from "./facade.ts";
import type { Figure } from "./figure.ts";
import { type Light, lit } from "./light.ts";
import { darken, hex, mix, vary, white } from "./palette.ts";
import { bush, tree } from "./plant.ts";
import { sky } from "./sky.ts";
import { areas, corners, rectangle } from "./svg.ts";

/** Width of the road and of the far pavement in metres. */
const roadWidth = 7;
const pavementWidth = 3.4;

/** A city street seen from its other side: traffic passes from left to right and back. */
export function streetAcross(random: Random, camera: Camera, light: Light): Backdrop {
  const kerb = Math.exp(random.uniform(Math.log(4), Math.log(11)));
  const front = kerb + roadWidth + pavementWidth;
  return {
    svg: [
      sky(random, camera, light),
      ground(random, camera, light, kerb),
      buildings(random, camera, light, front),
    ].join(""),
    props: props(random, camera, light, kerb),
    spot: (subject, draw) => spot(subject, draw, camera, kerb),
  };
}

function buildings(random: Random, camera: Camera, light: Light, depth: number): string {
  const [left, right] = visibleSpan(camera, depth);
  const parts: string[] = [];
  let x = left - random.uniform(0, 5);
  while (x < right) {
    const building = drawBuilding(random);
    const start = x;
    parts.push(
      facade(random, building, (along, y) => project(camera, start + along, y, depth), light, depth),
    );
    x += building.length + (random.chance(0.25) ? random.uniform(1, 4) : 0);
  }
  return parts.join("");
}

/** Far pavement, road with a dashed line, near pavement. */
function ground(random: Random, camera: Camera, light: Light, kerb: number): string {
  const row = (depth: number): number => project(camera, 0, 0, depth)[1];
  const band = (far: number, near: number, colour: Parameters<typeof lit>[1]): string =>
    rectangle(
      0,
      row(far),
      camera.width,
      Math.min(row(near), camera.height),
      lit(light, colour, distanceOf(far)),
    );
  const pavement = vary(hex("#b9b4aa"), random, 12);
  const asphalt = vary(hex(light.raining ? "#565c63" : "#6b6e72"), random, 8);
  const middle = kerb + roadWidth / 2;
  const [left, right] = visibleSpan(camera, middle);
  const dashes = [];
  for (let x = left - random.uniform(0, 3); x < right; x += 4)
    dashes.push(
      corners(...project(camera, x, 0, middle + 0.09), ...project(camera, x + 2, 0, middle - 0.09)),
    );
  const nearest = nearestDepth(camera) * 0.9;
  const parts = [
    rectangle(0, camera.horizon, camera.width, camera.height, lit(light, darken(pavement, 0.1), 0.6)),
    band(kerb + roadWidth + pavementWidth, kerb + roadWidth, pavement),
    band(kerb + roadWidth + 0.25, kerb + roadWidth, darken(pavement, 0.25)),
    band(kerb + roadWidth, Math.max(kerb, nearest), asphalt),
    areas(dashes, lit(light, mix(white, asphalt, 0.15), distanceOf(middle))),
  ];
  if (kerb > nearest) {
    parts.push(band(kerb, nearest, pavement), band(kerb, kerb - 0.2, darken(pavement, 0.18)));
    for (let depth = kerb - 0.9; depth > nearest; depth -= 0.9)
      parts.push(band(depth, depth - 0.03, darken(pavement, 0.1)));
  }
  return parts.join("");
}

function props(random: Random, camera: Camera, light: Light, kerb: number): Prop[] {
  const farKerb = kerb + roadWidth;
  const result: Prop[] = [];
  const put = (figure: Figure, depth: number): void => {
    const [left, right] = visibleSpan(camera, depth);
    result.push({ figure, x: random.uniform(left, right), depth });
  };
  const [left, right] = visibleSpan(camera, farKerb + 0.6);
  const gap = random.uniform(9, 16);
  const posts = random.chance(0.7);
  const trees = random.chance(0.6);
  for (let x = left - random.uniform(0, gap); x < right; x += gap) {
    if (posts) result.push({ figure: lampPost(random, light.lamps), x, depth: farKerb + 0.6 });
    if (trees) result.push({ figure: tree(random), x: x + gap / 2, depth: farKerb + 0.7 });
  }
  const items = [bench, bin, bollard, hydrant, planter, postBox, trafficSign, parasol, bush];
  for (let i = random.integer(5); i > 0; i--)
    put(random.pick(items)(random), farKerb + random.uniform(0.7, 2.8));
  const near = Math.max(nearestDepth(camera) * 1.02, kerb - 2.5);
  if (near < kerb - 0.5)
    for (let i = random.integer(3); i > 0; i--)
      put(
        random.pick([bin, bollard, hydrant, trafficSign, planter, bench])(random),
        random.uniform(near, kerb - 0.4),
      );
  return result;
}

function spot(subject: Subject, random: Random, camera: Camera, kerb: number): Spot {
  const nearest = nearestDepth(camera);
  let depth: number;
  let mirrored = random.chance(0.5);
  if (subject === "pedestrian") {
    const place = random.next();
    const pavement = kerb + roadWidth;
    if (place < 0.45) depth = random.uniform(pavement + 0.5, pavement + pavementWidth - 0.4);
    else if (place < 0.9 && nearest < kerb - 0.3)
      depth = random.uniform(Math.max(nearest * 0.92, kerb - 4), kerb - 0.3);
    else depth = random.uniform(kerb + 0.3, pavement - 0.3);
  } else {
    // Right-hand traffic: the near lane drives to the right.
    mirrored = random.chance(0.5);
    depth = kerb + (mirrored ? random.uniform(4.4, 6.2) : random.uniform(0.8, 2.6));
  }
  const [left, right] = visibleSpan(camera, depth);
  const facing =
    subject === "pedestrian" && random.chance(0.3) ? random.pick(["towards", "away"] as const) : "side";
  return { x: random.uniform(left, right), depth, facing, mirrored };
}
