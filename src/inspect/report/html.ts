import { escapeXml } from "../../image/index.ts";
import { formatNumber } from "../../report/index.ts";

export { escapeXml, formatNumber };

/** The address of a part of the page. */
export function hrefOf(...parts: readonly (string | number)[]): string {
  return `#${encodeURIComponent(parts.join("/"))}`;
}

/** A part of a sprite at a size that the style decides. */
export function tile(
  sprite: string,
  column: number,
  row: number,
  of: { columns: number; rows: number },
  label: string,
): string {
  const share = (at: number, count: number) =>
    count > 1 ? `${((100 * at) / (count - 1)).toFixed(3)}%` : "0";
  const position = `${share(column, of.columns)} ${share(row, of.rows)}`;
  const text = escapeXml(label);
  return `<span class="tile ${sprite}" role="img" aria-label="${text}" title="${text}" style="background-position:${position}"></span>`;
}

/** The rule by which tiles show a sprite. */
export function spriteRule(
  name: string,
  webp: Uint8Array,
  { columns, rows }: { columns: number; rows: number },
): string {
  const data = Buffer.from(webp).toString("base64");
  return `.${name} { background-image: url(data:image/webp;base64,${data}); background-size: ${columns * 100}% ${rows * 100}%; }`;
}
