import { readFileSync } from "node:fs";
import { FONT_FILES, type FontFace } from "./fonts.ts";

/** Width of a line of text in pixels at `fontSize` pixels an em, from the font's advance widths (no kerning). */
export function textWidth(text: string, fontSize: number, face: FontFace = "regular"): number {
  const { advance, unitsPerEm } = metricsOf(face);
  let units = 0;
  for (const character of text) units += advance(character.codePointAt(0) ?? 0);
  return (units * fontSize) / unitsPerEm;
}

/** The text, its end replaced by "…" where it is wider than `maxWidth` pixels. */
export function shortenText(
  text: string,
  fontSize: number,
  maxWidth: number,
  face: FontFace = "regular",
): string {
  if (textWidth(text, fontSize, face) <= maxWidth) return text;
  const characters = [...text];
  while (characters.length > 0) {
    characters.pop();
    const shortened = `${characters.join("").trimEnd()}…`;
    if (textWidth(shortened, fontSize, face) <= maxWidth) return shortened;
  }
  return "";
}

interface FontMetrics {
  unitsPerEm: number;
  /** Advance width of a code point in font units; that of the missing-glyph box where the font lacks it. */
  advance(codePoint: number): number;
}

const cache = new Map<FontFace, FontMetrics>();

function metricsOf(face: FontFace): FontMetrics {
  let metrics = cache.get(face);
  if (!metrics) {
    metrics = readMetrics(readFileSync(FONT_FILES[face]));
    cache.set(face, metrics);
  }
  return metrics;
}

/** Reads the tables `head`, `hhea`, `hmtx` and `cmap` (format 12) of an OpenType font. */
function readMetrics(file: Buffer): FontMetrics {
  const tables = new Map<string, number>();
  for (let i = 0; i < file.readUInt16BE(4); i++) {
    const record = 12 + 16 * i;
    tables.set(file.toString("latin1", record, record + 4), file.readUInt32BE(record + 8));
  }
  const at = (table: string, offset: number) => (tables.get(table) ?? 0) + offset;

  const unitsPerEm = file.readUInt16BE(at("head", 18));
  const widthCount = file.readUInt16BE(at("hhea", 34));
  const glyphs = readGlyphIndices(file, at("cmap", 0));
  return {
    unitsPerEm,
    advance(codePoint) {
      const glyph = glyphs.get(codePoint) ?? 0;
      return file.readUInt16BE(at("hmtx", 4 * Math.min(glyph, widthCount - 1)));
    },
  };
}

/** Glyph index by code point, from the character map's subtable of format 12 (ranges over all of Unicode). */
function readGlyphIndices(file: Buffer, cmap: number): Map<number, number> {
  const glyphs = new Map<number, number>();
  for (let i = 0; i < file.readUInt16BE(cmap + 2); i++) {
    const subtable = cmap + file.readUInt32BE(cmap + 4 + 8 * i + 4);
    if (file.readUInt16BE(subtable) !== 12) continue;
    for (let group = 0; group < file.readUInt32BE(subtable + 12); group++) {
      const record = subtable + 16 + 12 * group;
      const first = file.readUInt32BE(record);
      const last = file.readUInt32BE(record + 4);
      const firstGlyph = file.readUInt32BE(record + 8);
      for (let codePoint = first; codePoint <= last; codePoint++) {
        glyphs.set(codePoint, firstGlyph + codePoint - first);
      }
    }
    break;
  }
  return glyphs;
}
