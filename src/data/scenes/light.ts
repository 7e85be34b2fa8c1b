import type { Random } from "../../core/index.ts";
import type { Rgb } from "../../image/index.ts";
import { css, hex, mix, vary } from "./palette.ts";

/** The time of day and the weather. */
export type LightKind = "day" | "overcast" | "golden" | "dusk" | "night";

/** How a scene is lit: the sky, the tint of everything under it, haze, and whether lamps burn. */
export interface Light {
  kind: LightKind;
  skyTop: Rgb;
  skyBottom: Rgb;
  /** Factors that colours are multiplied by, channel by channel. */
  tint: readonly [number, number, number];
  /** What distance fades into. */
  haze: Rgb;
  /** Share of haze on the most distant things, 0–1. */
  hazeShare: number;
  /** Whether lamps, head lamps and windows shine. */
  lamps: boolean;
  raining: boolean;
}

const kinds: Record<LightKind, Omit<Light, "kind" | "raining">> = {
  day: {
    skyTop: hex("#5aa2dc"),
    skyBottom: hex("#d7ecf7"),
    tint: [1, 1, 0.98],
    haze: hex("#cfe2ee"),
    hazeShare: 0.3,
    lamps: false,
  },
  overcast: {
    skyTop: hex("#9aa7b3"),
    skyBottom: hex("#d5dbdf"),
    tint: [0.86, 0.89, 0.93],
    haze: hex("#c6ced4"),
    hazeShare: 0.45,
    lamps: false,
  },
  golden: {
    skyTop: hex("#6f9bc9"),
    skyBottom: hex("#ffd9a0"),
    tint: [1.04, 0.93, 0.78],
    haze: hex("#f5d3a5"),
    hazeShare: 0.4,
    lamps: false,
  },
  dusk: {
    skyTop: hex("#3b3a6b"),
    skyBottom: hex("#f08a6c"),
    tint: [0.74, 0.61, 0.69],
    haze: hex("#b77f87"),
    hazeShare: 0.35,
    lamps: true,
  },
  night: {
    skyTop: hex("#0b1230"),
    skyBottom: hex("#2a3560"),
    tint: [0.56, 0.59, 0.74],
    haze: hex("#28325a"),
    hazeShare: 0.3,
    lamps: true,
  },
};

/** Draws a light: mostly daylight, one scene in four at dusk or night, rain now and then. */
export function drawLight(random: Random): Light {
  const kind = random.pick([
    "day",
    "day",
    "day",
    "overcast",
    "overcast",
    "golden",
    "golden",
    "dusk",
    "night",
  ] as const);
  const base = kinds[kind];
  const strength = random.uniform(0.94, 1.05);
  const [red, green, blue] = base.tint;
  return {
    ...base,
    kind,
    skyTop: vary(base.skyTop, random, 14),
    skyBottom: vary(base.skyBottom, random, 10),
    tint: [
      red * strength * random.uniform(0.97, 1.03),
      green * strength,
      blue * strength * random.uniform(0.97, 1.03),
    ],
    raining: random.chance(kind === "overcast" ? 0.45 : kind === "dusk" || kind === "night" ? 0.2 : 0),
  };
}

/** The colour as the light shows it, as SVG writes it; `distance` is 0 (near) to 1 (at the horizon). */
export function lit(light: Light, colour: Rgb, distance = 0): string {
  const { tint } = light;
  const tinted: Rgb = [colour[0] * tint[0], colour[1] * tint[1], colour[2] * tint[2]];
  return css(mix(tinted, light.haze, light.hazeShare * distance));
}
