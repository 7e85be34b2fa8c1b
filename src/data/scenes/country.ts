import type { Random } from "../../core/index.ts";
import type { Rgb } from "../../image/index.ts";
import type { Backdrop, BackdropMaker, Prop, Spot, Subject } from "./backdrop.ts";
import { type Camera, distanceOf, nearestDepth, project, visibleSpan } from "./camera.ts";
import { fence, trafficSign } from "./clutter.ts";
import { type Light, lit } from "./light.ts";
import { darken, greens, hex, lighten, mix, vary, white } from "./palette.ts";
import { bush, tree } from "./plant.ts";
import type { Point } from "./shape.ts";
import { sky } from "./sky.ts";
import { dashes, spotAlong, strip } from "./street-along.ts";
import { area, areas, rectangle } from "./svg.ts";

const roadWidth = 6.4;

/** A country road that crosses the picture, before hills and fields. */
export const countryAcross: BackdropMaker = (random, camera, light) => {
  const kerb = Math.exp(random.uniform(Math.log(4), Math.log(11)));
  const row = (depth: number): number => Math.min(camera.height, project(camera, 0, 0, depth)[1]);
  const asphalt = vary(hex("#74757a"), random, 10);
  const band = (far: number, near: number, colour: Rgb): string =>
    rectangle(0, row(far), camera.width, row(near), lit(light, colour, distanceOf(far)));
  const near = Math.min(kerb, nearestDepth(camera) * 0.9);
  const middle = kerb + roadWidth / 2;
  const verge = vary(hex("#8e9a5c"), random, 14);
  return {
    svg: [
      landscape(random, camera, light),
      band(kerb + roadWidth + 1, near, verge),
      band(kerb + roadWidth, kerb, asphalt),
      band(middle + 0.08, middle - 0.08, mix(white, asphalt, 0.2)),
      band(kerb + 0.35, kerb + 0.2, mix(white, asphalt, 0.2)),
    ].join(""),
    props: plants(random, camera, (depth) => depth > kerb + roadWidth + 0.5 || depth < kerb - 0.4),
    spot: (subject, draw) => acrossSpot(subject, draw, camera, kerb),
  };
};

/** A country road that leads away from the viewer. */
export function countryAlong(random: Random, camera: Camera, light: Light): Backdrop {
  const middle = random.uniform(-2, 2);
  const half = roadWidth / 2;
  const asphalt = vary(hex("#74757a"), random, 10);
  const paint = (colour: Rgb): string => lit(light, colour, 0.15);
  const edge = (x: number): string =>
    area(strip(camera, x - 0.06, x + 0.06), paint(mix(white, asphalt, 0.25)));
  return {
    svg: [
      landscape(random, camera, light),
      area(strip(camera, middle - half - 1.4, middle + half + 1.4), paint(vary(hex("#a39a6b"), random, 14))),
      area(strip(camera, middle - half, middle + half), paint(asphalt)),
      edge(middle - half + 0.25),
      edge(middle + half - 0.25),
      areas(dashes(camera, middle), paint(mix(white, asphalt, 0.15))),
    ].join(""),
    props: plants(random, camera, (_, x) => Math.abs(x - middle) > half + 1),
    spot: (subject, draw) => spotAlong(subject, draw, camera, middle, half, 2.4),
  };
}

/** Sky, two ranges of hills, and a meadow with fields. */
function landscape(random: Random, camera: Camera, light: Light): string {
  const meadow = vary(random.pick(greens.slice(2)), random, 12);
  const parts = [sky(random, camera, light)];
  parts.push(ridge(random, camera, lit(light, mix(meadow, hex("#6d86a8"), 0.6), 0.9), 0.16));
  parts.push(ridge(random, camera, lit(light, darken(meadow, 0.12), 0.6), 0.08));
  parts.push(rectangle(0, camera.horizon, camera.width, camera.height, lit(light, meadow, 0.2)));
  for (let i = random.integer(4); i > 0; i--) {
    const far = random.uniform(30, 80);
    const left = random.uniform(-60, 40);
    const colour = vary(
      random.pick([hex("#c9b458"), lighten(meadow, 0.2), darken(meadow, 0.15), hex("#a5793f")]),
      random,
      10,
    );
    parts.push(
      area(strip(camera, left, left + random.uniform(20, 60), far * 1.6, far), lit(light, colour, 0.4)),
    );
  }
  return parts.join("");
}

/** The outline of hills over the horizon, `height` shares of the picture's height high. */
function ridge(random: Random, { width, height, horizon }: Camera, fill: string, share: number): string {
  const waves = [1, 2.3, 4.1].map((frequency) => ({
    frequency: (frequency * random.uniform(0.8, 1.4) * Math.PI * 2) / width,
    phase: random.uniform(0, 2 * Math.PI),
    size: (height * share * 0.35) / frequency,
  }));
  const points: Point[] = [[0, horizon + 1]];
  for (let i = 0; i <= 24; i++) {
    const x = (width * i) / 24;
    const lift = waves.reduce(
      (sum, wave) => sum + wave.size * (1 + Math.sin(x * wave.frequency + wave.phase)),
      0,
    );
    points.push([x, horizon - lift]);
  }
  points.push([width, horizon + 1]);
  return area(points, fill);
}

/** Trees, bushes, fences and a sign where `allowed`. */
function plants(random: Random, camera: Camera, allowed: (depth: number, x: number) => boolean): Prop[] {
  const result: Prop[] = [];
  const count = 4 + random.integer(10);
  for (let i = 0; i < count; i++) {
    const depth = nearestDepth(camera) * Math.exp(random.uniform(0.6, 3));
    const [left, right] = visibleSpan(camera, depth);
    const x = random.uniform(left * 1.1, right * 1.1);
    const make = random.pick([tree, tree, tree, bush, bush, fence, trafficSign]);
    if (allowed(depth, x) && (make !== tree || depth > nearestDepth(camera) * 2))
      result.push({ figure: make(random), x, depth });
  }
  return result;
}

function acrossSpot(subject: Subject, random: Random, camera: Camera, kerb: number): Spot {
  const mirrored = random.chance(0.5);
  const nearest = nearestDepth(camera);
  let depth = kerb + (mirrored ? random.uniform(3.8, 5.6) : random.uniform(0.8, 2.4));
  if (subject === "pedestrian" && random.chance(0.75))
    depth =
      random.chance(0.5) && nearest < kerb - 0.3
        ? random.uniform(Math.max(nearest * 0.95, kerb - 3), kerb - 0.2)
        : kerb + roadWidth + random.uniform(0.2, 2);
  const [left, right] = visibleSpan(camera, depth);
  return {
    x: random.uniform(left, right),
    depth,
    facing:
      subject === "pedestrian" && random.chance(0.25) ? random.pick(["towards", "away"] as const) : "side",
    mirrored,
  };
}
