import type { Random } from "../../core/index.ts";
import type { Rgb } from "../../image/index.ts";
import type { Backdrop } from "./backdrop.ts";
import { type Camera, nearestDepth, visibleSpan } from "./camera.ts";
import { bench, bin, cone, planter } from "./clutter.ts";
import { type Light, lit } from "./light.ts";
import { darken, lighten, mix, tops, vary, walls, white } from "./palette.ts";
import { bush, tree } from "./plant.ts";
import { oval, rectangle, verticalGradient } from "./svg.ts";

/** A plain stage: a gradient for a wall, another for the floor, a few soft shapes. */
export function plain(random: Random, camera: Camera, light: Light): Backdrop {
  const { width, height, horizon } = camera;
  const wall: Rgb = mix(
    vary(random.pick(random.chance(0.5) ? walls : tops), random, 20),
    white,
    random.uniform(0, 0.5),
  );
  const floor = random.chance(0.5) ? darken(wall, 0.15) : vary(random.pick(walls), random, 20);
  const edge = horizon + (height - horizon) * random.uniform(0.02, 0.2);
  const shapes = Array.from({ length: random.integer(5) }, () =>
    oval(
      random.uniform(0, width),
      random.uniform(0, horizon),
      width * random.uniform(0.05, 0.25),
      width * random.uniform(0.05, 0.25),
      lit(light, random.chance(0.5) ? lighten(wall, 0.2) : darken(wall, 0.12)),
      0.4,
    ),
  );
  return {
    svg: [
      `<defs>${verticalGradient("wall", lit(light, lighten(wall, 0.2)), lit(light, darken(wall, 0.1)))}`,
      `${verticalGradient("floor", lit(light, darken(floor, 0.2)), lit(light, lighten(floor, 0.12)))}</defs>`,
      rectangle(0, 0, width, edge + 1, "url(#wall)"),
      ...shapes,
      rectangle(0, edge, width, height, "url(#floor)"),
    ].join(""),
    props: Array.from({ length: random.integer(4) }, () => {
      const depth = nearestDepth(camera) * Math.exp(random.uniform(0.5, 1.8));
      const [left, right] = visibleSpan(camera, depth);
      return {
        figure: random.pick([bench, bin, cone, planter, bush, tree])(random),
        x: random.uniform(left, right),
        depth,
      };
    }),
    spot: (_, draw) => {
      const depth = nearestDepth(camera) * Math.exp(draw.uniform(0, 1.25));
      const [left, right] = visibleSpan(camera, depth);
      return {
        x: draw.uniform(left, right),
        depth,
        facing: draw.pick(["side", "side", "towards", "away"] as const),
        mirrored: draw.chance(0.5),
      };
    },
  };
}
