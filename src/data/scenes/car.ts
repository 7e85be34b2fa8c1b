import type { Random } from "../../core/index.ts";
import type { Rgb } from "../../image/index.ts";
import { carEnd } from "./car-end.ts";
import { carSide } from "./car-side.ts";
import type { Facing, Figure } from "./figure.ts";
import { paints, vary } from "./palette.ts";

/** A car's measures in metres and its dress. */
export interface CarBuild {
  type: "sedan" | "hatchback" | "suv" | "van" | "pickup";
  length: number;
  width: number;
  height: number;
  /** Height of the bonnet, the belt line and the boot or bed. */
  belt: number;
  /** Length of the bonnet. */
  bonnet: number;
  /** Length of the boot or bed behind the cabin, 0 for none. */
  deck: number;
  /** Horizontal run of the windscreen and of the rear window. */
  screenRun: number;
  rearRun: number;
  wheelRadius: number;
  paint: Rgb;
  /** Rows of side windows behind the front one; 0 for a panel van. */
  rearWindows: number;
  roofRack: boolean;
  stripe: boolean;
  taxi: boolean;
}

/** Draws a car; `lamps` says whether its lamps shine. */
export function drawCar(random: Random, facing: Facing, lamps: boolean): Figure {
  const build = drawBuild(random);
  return facing === "side" ? carSide(build, lamps) : carEnd(build, facing, lamps);
}

type Range = readonly [low: number, high: number];
type Measures = Record<
  "length" | "width" | "height" | "belt" | "bonnet" | "deck" | "screenRun" | "rearRun" | "wheelRadius",
  Range
>;

const types: Record<CarBuild["type"], Measures> = {
  sedan: {
    length: [4.4, 4.9],
    width: [1.75, 1.9],
    height: [1.38, 1.5],
    belt: [0.9, 0.97],
    bonnet: [1.15, 1.35],
    deck: [0.6, 0.85],
    screenRun: [0.7, 0.85],
    rearRun: [0.6, 0.8],
    wheelRadius: [0.31, 0.34],
  },
  hatchback: {
    length: [3.6, 4.2],
    width: [1.65, 1.8],
    height: [1.45, 1.58],
    belt: [0.92, 1.0],
    bonnet: [0.85, 1.1],
    deck: [0, 0.08],
    screenRun: [0.6, 0.75],
    rearRun: [0.3, 0.55],
    wheelRadius: [0.29, 0.33],
  },
  suv: {
    length: [4.3, 4.8],
    width: [1.82, 1.98],
    height: [1.65, 1.82],
    belt: [1.05, 1.14],
    bonnet: [1.05, 1.25],
    deck: [0, 0.05],
    screenRun: [0.55, 0.7],
    rearRun: [0.2, 0.4],
    wheelRadius: [0.35, 0.4],
  },
  van: {
    length: [4.6, 5.4],
    width: [1.9, 2.05],
    height: [1.9, 2.3],
    belt: [1.08, 1.2],
    bonnet: [0.45, 0.75],
    deck: [0, 0.02],
    screenRun: [0.5, 0.75],
    rearRun: [0.04, 0.12],
    wheelRadius: [0.32, 0.36],
  },
  pickup: {
    length: [5.0, 5.4],
    width: [1.85, 2.0],
    height: [1.7, 1.85],
    belt: [1.02, 1.12],
    bonnet: [1.15, 1.35],
    deck: [1.5, 1.8],
    screenRun: [0.5, 0.65],
    rearRun: [0.06, 0.15],
    wheelRadius: [0.36, 0.41],
  },
};

function drawBuild(random: Random): CarBuild {
  const type = random.pick(["sedan", "sedan", "hatchback", "hatchback", "suv", "van", "pickup"] as const);
  const measure = (name: keyof Measures): number => random.uniform(...types[type][name]);
  const taxi = type === "sedan" && random.chance(0.15);
  return {
    type,
    length: measure("length"),
    width: measure("width"),
    height: measure("height"),
    belt: measure("belt"),
    bonnet: measure("bonnet"),
    deck: measure("deck"),
    screenRun: measure("screenRun"),
    rearRun: measure("rearRun"),
    wheelRadius: measure("wheelRadius"),
    paint: vary(taxi ? [247, 200, 55] : random.pick(paints), random, 10),
    rearWindows: type === "van" ? random.pick([0, 0, 2]) : type === "pickup" ? random.integer(2) : 1,
    roofRack: type === "suv" ? random.chance(0.5) : type === "hatchback" && random.chance(0.15),
    stripe: random.chance(type === "van" ? 0.5 : 0.15),
    taxi,
  };
}
