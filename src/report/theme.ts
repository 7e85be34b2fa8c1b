import { FONT_FAMILY } from "../image/index.ts";

/** Neutral colours of a drawing. */
export interface Ink {
  /** Titles and values. */
  text: string;
  /** Axis labels, legends and notes. */
  muted: string;
  /** Axis lines. */
  axis: string;
  /** Grid lines. */
  grid: string;
  /** What everything is drawn on. */
  surface: string;
}

/** The neutral colours that charts are drawn with. */
export const lightInk: Ink = {
  text: "#1f2933",
  muted: "#5f6c7a",
  axis: "#b8c1cb",
  grid: "#e8ecf0",
  surface: "#ffffff",
};

/** What the neutral colours become where a report is read on a dark screen. */
export const darkInk: Ink = {
  text: "#e6e9ed",
  muted: "#a3adb8",
  axis: "#566270",
  grid: "#2b333c",
  surface: "#171c22",
};

/** Families to draw text with: the one that PNGs are drawn with first, then ones as wide as it. */
export const fontFamily: string = `${FONT_FAMILY}, Verdana, sans-serif`;

/** Sizes of text in pixels. */
export const fontSize: { title: number; text: number } = { title: 14, text: 12 };

/** Colour of a mark that belongs to no class. */
export const accent = "#2f6fd0";

/** Colour of a heat map's cells. Their opacity tells few from many, so that it holds on any surface. */
export const heat: { color: string; opacity: readonly [few: number, many: number] } = {
  color: "#2562b8",
  opacity: [0.1, 1],
};

/** Colour of text on a heat map's cell of relative value 0 (few) to 1 (many). */
export function textOnHeat(share: number): string {
  return share > 0.75 ? "#fdfeff" : lightInk.text;
}
