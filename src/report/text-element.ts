import { fontFamily, fontSize, lightInk } from "./theme.ts";

/** How a text is set. */
export interface TextStyle {
  color?: string;
  size?: number;
  bold?: boolean;
  align?: "left" | "center";
}

/** A line of text whose middle is at height `y`, as an element of the chart library's `graphic`. */
export function textElement(text: string, x: number, y: number, style: TextStyle = {}): object {
  const { color = lightInk.muted, size = fontSize.text, bold = false, align = "left" } = style;
  const font = { fontFamily, fontSize: size, fontWeight: bold ? "bold" : "normal" };
  return {
    type: "text",
    silent: true,
    style: { text, x, y, fill: color, ...font, align, verticalAlign: "middle" },
  };
}
