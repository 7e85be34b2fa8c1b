import type { Random } from "../../core/index.ts";
import type { Rgb } from "../../image/index.ts";
import { distanceOf } from "./camera.ts";
import { type Light, lit } from "./light.ts";
import { black, css, darken, hex, lighten, tops, vary, walls, white } from "./palette.ts";
import type { Point } from "./shape.ts";
import { area, areas } from "./svg.ts";

/** A wall to draw on: maps metres along the wall and metres over the ground to pixels. */
export type Wall = (along: number, y: number) => Point;

/** What a building is like. */
export interface Building {
  /** Metres along the street, and up. */
  length: number;
  height: number;
  floors: number;
  colour: Rgb;
  shop: boolean;
  windowShare: number;
}

/** Height of the ground floor in metres. */
const groundFloor = 3.6;
const floorHeight = 3.1;

/** Draws a building's measures and colour. */
export function drawBuilding(random: Random): Building {
  const floors = 1 + random.integer(5);
  return {
    length: random.uniform(6, 13),
    height: groundFloor + floors * floorHeight + 0.7,
    floors,
    colour: vary(random.pick(walls), random, 12),
    shop: random.chance(0.55),
    windowShare: random.uniform(0.42, 0.68),
  };
}

/** A building's face: wall, cornice, windows by floors, and a shop or a door on the ground floor. */
export function facade(random: Random, building: Building, wall: Wall, light: Light, depth: number): string {
  const { length, height, floors, colour } = building;
  const away = distanceOf(depth);
  const paint = (rgb: Rgb): string => lit(light, rgb, away);
  const box = (left: number, bottom: number, right: number, top: number): Point[] => [
    wall(left, bottom),
    wall(left, top),
    wall(right, top),
    wall(right, bottom),
  ];
  const dark: Point[][] = [];
  const bright: Point[][] = [];
  const frames: Point[][] = [];
  const columns = Math.max(2, Math.round(length / 2.3));
  const pitch = length / columns;
  const half = (pitch * building.windowShare) / 2;
  for (let floor = 0; floor < floors; floor++)
    for (let column = 0; column < columns; column++) {
      const x = (column + 0.5) * pitch;
      const y = groundFloor + floor * floorHeight + 0.75;
      frames.push(box(x - half - 0.12, y - 0.15, x + half + 0.12, y + 1.75));
      (light.lamps && random.chance(0.4) ? bright : dark).push(box(x - half, y, x + half, y + 1.6));
    }
  return [
    area(box(0, 0, length, height), paint(colour)),
    area(box(0, height - 0.45, length, height), paint(darken(colour, 0.2))),
    area(box(0, groundFloor - 0.1, length, groundFloor + 0.1), paint(lighten(colour, 0.25))),
    areas(frames, paint(lighten(colour, 0.35))),
    areas(dark, paint(hex("#4a6072"))),
    areas(bright, css(hex("#ffd88a"))),
    building.shop ? shop(random, length, box, light, paint) : entrance(random, length, box, light, paint),
  ].join("");
}

type Box = (left: number, bottom: number, right: number, top: number) => Point[];
type Paint = (rgb: Rgb) => string;

function shop(random: Random, length: number, box: Box, light: Light, paint: Paint): string {
  const awning = vary(random.pick(tops), random, 10);
  const door = random.uniform(0.55, 0.7) * length;
  const pane = light.lamps && random.chance(0.6) ? css(hex("#ffe2a3")) : paint(hex("#7f98a8"));
  const stripes = Array.from({ length: Math.floor(length / 1.2) }, (_, i) =>
    box(0.6 + i * 1.2, 2.5, Math.min(length - 0.6, 1.2 + i * 1.2), 3.1),
  );
  return [
    area(box(0.4, 0, length - 0.4, 3.2), paint(hex("#4d4944"))),
    area(box(0.7, 0.6, door - 0.2, 2.6), pane),
    area(box(door + 1.4, 0.6, length - 0.7, 2.6), pane),
    area(box(door + 0.1, 0, door + 1.1, 2.4), paint(darken(awning, 0.3))),
    area(box(0.3, 2.5, length - 0.3, 3.1), paint(awning)),
    random.chance(0.6) ? areas(stripes, paint(lighten(awning, 0.75))) : "",
  ].join("");
}

function entrance(random: Random, length: number, box: Box, light: Light, paint: Paint): string {
  const door = random.uniform(0.15, 0.75) * length;
  const windows: Point[][] = [];
  for (let x = 0.7; x + 1.3 < length; x += 2.4)
    if (x + 1.5 < door - 0.3 || x > door + 1.6) windows.push(box(x, 1.1, x + 1.3, 2.7));
  return [
    area(box(0, 0, length, 0.6), paint(darken(hex("#8b857d"), 0.2))),
    areas(windows, light.lamps && random.chance(0.5) ? css(hex("#ffd88a")) : paint(hex("#4a6072"))),
    area(box(door - 0.15, 0, door + 1.35, 2.75), paint(white)),
    area(box(door, 0, door + 1.2, 2.6), paint(vary(random.pick(tops), random, 10))),
    area(box(door + 0.15, 1.5, door + 1.05, 2.4), paint(darken(black, 0))),
  ].join("");
}
