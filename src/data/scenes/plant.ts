import type { Random } from "../../core/index.ts";
import type { Rgb } from "../../image/index.ts";
import { block, ellipse, polygon } from "./brush.ts";
import type { Figure } from "./figure.ts";
import { darken, greens, hex, lighten, vary } from "./palette.ts";
import type { Shape } from "./shape.ts";

/** A tree: broad, conical or slender, 3.5 to 9 m high. */
export function tree(random: Random): Figure {
  const green = vary(random.pick(greens), random, 14);
  const bark: Rgb = vary(hex("#6b4b34"), random, 12);
  const height = random.uniform(3.5, 7);
  switch (random.integer(4)) {
    case 0:
      return conifer(green, bark, height * 1.2);
    case 1:
      return [
        block(bark, -0.12, 0, 0.12, 1.4),
        ellipse(green, 0, height * 0.62, height * 0.13, height * 0.46),
        ellipse(lighten(green, 0.1), -height * 0.03, height * 0.68, height * 0.07, height * 0.34),
      ];
    default:
      return broad(random, green, bark, height);
  }
}

function broad(random: Random, green: Rgb, bark: Rgb, height: number): Shape[] {
  const crown = height * 0.62;
  const blob = (x: number, y: number, radius: number, colour: Rgb): Shape =>
    ellipse(
      colour,
      x * height,
      y * height,
      radius * height * random.uniform(0.9, 1.1),
      radius * height * 0.9,
    );
  return [
    polygon(bark, [-0.16, 0], [-0.1, crown], [0.1, crown], [0.16, 0]),
    blob(-0.17, 0.58, 0.19, darken(green, 0.16)),
    blob(0.17, 0.6, 0.19, darken(green, 0.1)),
    blob(0, 0.72, 0.24, green),
    blob(0.02, 0.55, 0.18, darken(green, 0.06)),
    blob(-0.07, 0.8, 0.12, lighten(green, 0.12)),
  ];
}

function conifer(green: Rgb, bark: Rgb, height: number): Shape[] {
  const tier = (bottom: number, top: number, half: number, colour: Rgb): Shape =>
    polygon(
      colour,
      [-half * height, bottom * height, 0.1],
      [0, top * height, 0.05],
      [half * height, bottom * height, 0.1],
    );
  return [
    block(bark, -0.12, 0, 0.12, height * 0.2),
    tier(0.12, 0.55, 0.22, darken(green, 0.25)),
    tier(0.34, 0.78, 0.17, darken(green, 0.15)),
    tier(0.56, 1, 0.12, darken(green, 0.05)),
  ];
}

/** A bush, about a metre high. */
export function bush(random: Random): Figure {
  const green = vary(random.pick(greens), random, 14);
  const size = random.uniform(0.6, 1.1);
  return [
    ellipse(darken(green, 0.12), -0.5 * size, 0.4 * size, 0.5 * size, 0.42 * size),
    ellipse(darken(green, 0.05), 0.5 * size, 0.42 * size, 0.5 * size, 0.44 * size),
    ellipse(green, 0, 0.55 * size, 0.6 * size, 0.55 * size),
  ];
}
