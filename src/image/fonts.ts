import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** The font of everything that is drawn, shipped with the package: it looks the same on every machine. */
export const FONT_FAMILY = "DejaVu Sans";

/** The faces of the shipped font that drawings may use. */
export type FontFace = "regular" | "bold" | "mono";

/** Absolute paths of the shipped font files. */
export const FONT_FILES: Readonly<Record<FontFace, string>> = {
  regular: require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"),
  bold: require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf"),
  mono: require.resolve("dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf"),
};
