import type { Random } from "../../core/index.ts";
import type { Rgb } from "../../image/index.ts";
import { block, ellipse, glowingIf, line, polygon } from "./brush.ts";
import type { Figure } from "./figure.ts";
import { darken, hex, lighten, mix, paints, steel, tops, vary, white } from "./palette.ts";
import type { Corner, Point, Shape } from "./shape.ts";

const iron: Rgb = hex("#3c444c");
const wood: Rgb = hex("#a8764a");
const signRed: Rgb = hex("#cf2e38");
const signBlue: Rgb = hex("#2364aa");

/** A street lamp; its arm reaches over the road. */
export function lampPost(random: Random, lamps: boolean): Figure {
  const height = random.uniform(4.2, 6);
  const side = random.chance(0.5) ? 1 : -1;
  if (random.chance(0.4))
    return [
      line(iron, 0.12, [0, 0.05], [0, 3.1]),
      block(iron, -0.14, 0, 0.14, 0.4, 0.05),
      glowingIf(lamps, ellipse(hex("#ffeab0"), 0, 3.35, 0.24)),
      polygon(iron, [-0.28, 3.5, 0.02], [0, 3.78, 0.02], [0.28, 3.5, 0.02]),
    ];
  return [
    line(iron, 0.13, [0, 0.06], [0, height - 0.4], [side * 0.35, height], [side * 1.1, height + 0.05]),
    glowingIf(lamps, ellipse(hex("#ffeab0"), side * 1.2, height - 0.03, 0.3, 0.11)),
  ];
}

/** A traffic sign: a red ring, a triangle, an octagon, a blue disc or a direction board. */
export function trafficSign(random: Random): Figure {
  const post: Shape = line(steel, 0.07, [0, 0.04], [0, 2.3]);
  const y = 2.35;
  const pale = mix(white, steel, 0.15);
  switch (random.integer(5)) {
    case 0:
      return [post, ellipse(signRed, 0, y, 0.36), ellipse(pale, 0, y, 0.25)];
    case 1:
      return [
        post,
        polygon(signRed, [-0.42, y - 0.3, 0.06], [0, y + 0.42, 0.06], [0.42, y - 0.3, 0.06]),
        polygon(pale, [-0.25, y - 0.21, 0.03], [0, y + 0.22, 0.03], [0.25, y - 0.21, 0.03]),
      ];
    case 2: {
      const octagon = Array.from({ length: 8 }, (_, i): Corner => {
        const angle = ((i + 0.5) * Math.PI) / 4;
        return [Math.cos(angle) * 0.38, y + Math.sin(angle) * 0.38];
      });
      return [post, polygon(signRed, ...octagon), block(pale, -0.24, y - 0.07, 0.24, y + 0.07)];
    }
    case 3:
      return [
        post,
        ellipse(signBlue, 0, y, 0.35),
        line(pale, 0.09, [0, y - 0.18], [0, y + 0.18]),
        line(pale, 0.09, [-0.12, y + 0.05], [0, y + 0.18], [0.12, y + 0.05]),
      ];
    default:
      return [
        post,
        polygon(
          random.pick([signBlue, hex("#2a7d4f"), hex("#e9b824")]),
          [-0.6, y - 0.18, 0.03],
          [-0.6, y + 0.2, 0.03],
          [0.5, y + 0.2, 0.03],
          [0.72, y + 0.01, 0.03],
          [0.5, y - 0.18, 0.03],
        ),
        line(pale, 0.06, [-0.42, y + 0.01], [0.35, y + 0.01]),
      ];
  }
}

/** A traffic light. */
export function trafficLight(random: Random): Figure {
  const burning = random.integer(3);
  const lamps: Rgb[] = [hex("#ff4d3d"), hex("#ffb92e"), hex("#3ddc6a")];
  return [
    line(iron, 0.1, [0, 0.05], [0, 2.5]),
    block(hex("#23282d"), -0.2, 2.3, 0.2, 3.3, 0.08),
    ...lamps.map((lamp, i) =>
      glowingIf(i === burning, ellipse(i === burning ? lamp : darken(lamp, 0.75), 0, 3.1 - i * 0.3, 0.11)),
    ),
  ];
}

/** A park bench. */
export function bench(random: Random): Figure {
  const slat = vary(wood, random, 25);
  const half = random.uniform(0.75, 1.05);
  return [
    line(iron, 0.07, [-half + 0.15, 0.04], [-half + 0.15, 0.85]),
    line(iron, 0.07, [half - 0.15, 0.04], [half - 0.15, 0.85]),
    block(slat, -half, 0.66, half, 0.86, 0.02),
    block(darken(slat, 0.12), -half, 0.5, half, 0.6, 0.02),
    block(lighten(slat, 0.12), -half, 0.36, half, 0.46, 0.02),
  ];
}

/** A litter bin, or a wheeled one. */
export function bin(random: Random): Figure {
  const colour = vary(
    random.pick([hex("#3f6b4f"), hex("#4a545e"), hex("#2f5d8a"), hex("#b5532f")]),
    random,
    15,
  );
  return [
    polygon(colour, [-0.24, 0, 0.04], [-0.3, 0.85, 0.03], [0.3, 0.85, 0.03], [0.24, 0, 0.04]),
    block(darken(colour, 0.3), -0.33, 0.82, 0.33, 0.95, 0.05),
    line(darken(colour, 0.25), 0.03, [-0.1, 0.12], [-0.12, 0.72]),
    line(darken(colour, 0.25), 0.03, [0.1, 0.12], [0.12, 0.72]),
  ];
}

/** A fire hydrant. */
export function hydrant(): Figure {
  const colour = signRed;
  return [
    block(darken(colour, 0.25), -0.2, 0, 0.2, 0.1, 0.03),
    block(colour, -0.13, 0.05, 0.13, 0.6, 0.04),
    ellipse(colour, 0, 0.62, 0.15, 0.13),
    block(darken(colour, 0.15), -0.24, 0.36, 0.24, 0.5, 0.04),
  ];
}

/** A post that keeps cars off the pavement. */
export function bollard(): Figure {
  return [block(iron, -0.09, 0, 0.09, 0.9, 0.07), block(mix(white, steel, 0.2), -0.09, 0.66, 0.09, 0.76)];
}

/** A traffic cone. */
export function cone(): Figure {
  const orange = hex("#f26a21");
  return [
    block(darken(orange, 0.2), -0.24, 0, 0.24, 0.07, 0.02),
    polygon(orange, [-0.18, 0.06], [-0.03, 0.72, 0.02], [0.03, 0.72, 0.02], [0.18, 0.06]),
    polygon(white, [-0.125, 0.3], [-0.09, 0.45], [0.09, 0.45], [0.125, 0.3]),
  ];
}

/** A box with flowers. */
export function planter(random: Random): Figure {
  const flowers = random.pick(tops);
  const leaf = hex("#4f8a3d");
  return [
    ...[-0.45, -0.15, 0.15, 0.45].map((x): Shape => ellipse(leaf, x, 0.62, 0.24, 0.2)),
    ...[-0.5, -0.25, 0, 0.25, 0.5].map((x, i): Shape => ellipse(flowers, x, 0.66 + (i % 2) * 0.1, 0.07)),
    block(hex("#8d8378"), -0.7, 0, 0.7, 0.5, 0.04),
  ];
}

/** A letter box. */
export function postBox(random: Random): Figure {
  const colour = random.pick([signRed, hex("#f2b705"), signBlue]);
  return [
    block(darken(colour, 0.4), -0.2, 0, 0.2, 0.25),
    polygon(colour, [-0.3, 0.2, 0.03], [-0.3, 1.3, 0.25], [0.3, 1.3, 0.25], [0.3, 0.2, 0.03]),
    line(darken(colour, 0.6), 0.05, [-0.16, 0.98], [0.16, 0.98]),
  ];
}

/** A café table under a parasol. */
export function parasol(random: Random): Figure {
  const colour = vary(random.pick(paints), random, 10);
  return [
    line(darken(wood, 0.2), 0.06, [0, 0.05], [0, 2.3]),
    block(mix(white, wood, 0.3), -0.45, 0.7, 0.45, 0.77, 0.02),
    polygon(colour, [-1.2, 2.0], [0, 2.65, 0.1], [1.2, 2.0]),
    polygon(lighten(colour, 0.6), [-0.4, 2.0], [0, 2.62], [0.4, 2.0]),
  ];
}

/** A stretch of wooden fence. */
export function fence(random: Random): Figure {
  const colour = vary(random.pick([wood, mix(white, steel, 0.2), darken(wood, 0.3)]), random, 15);
  const half = random.uniform(2, 4);
  const posts = Math.round(half * 1.3);
  const rail = (y: number): Shape => line(colour, 0.09, [-half, y], [half, y] satisfies Point);
  return [
    rail(0.45),
    rail(0.85),
    ...Array.from({ length: posts + 1 }, (_, i): Shape => {
      const x = -half + (2 * half * i) / posts;
      return block(darken(colour, 0.15), x - 0.06, 0, x + 0.06, 1.1, 0.02);
    }),
  ];
}
