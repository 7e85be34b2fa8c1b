import { formatTable, type TableCell } from "./table.ts";

const gap = "  ";

/**
 * A table for terminals: aligned columns under their names, columns with numbers from the right. Numbers get
 * as many decimals as show three significant digits in all of the column; NaN is "–".
 *
 * @returns lines without a final line break
 */
export function textTable(columns: readonly string[], rows: readonly (readonly TableCell[])[]): string {
  const table = formatTable(columns, rows).map(({ name, cells, numeric }) => {
    const lines = [name, ...cells].map(toOneLine);
    const width = Math.max(...lines.map(displayWidth));
    return { lines: lines.map((text) => pad(text, width, numeric)), rule: "─".repeat(width) };
  });
  const line = (i: number) =>
    table
      .map(({ lines }) => lines[i])
      .join(gap)
      .trimEnd();
  const rule = table.map((column) => column.rule).join(gap);
  return [line(0), rule, ...rows.map((_, i) => line(i + 1))].join("\n");
}

function pad(text: string, width: number, fromRight: boolean): string {
  const space = " ".repeat(width - displayWidth(text));
  return fromRight ? space + text : text + space;
}

/** Control characters, which would break the table or steer the terminal, become visible. */
function toOneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, "�");
}

/** Terminal columns that a text takes: two for East Asian wide characters and emoji, none for combining marks. */
function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width +=
      /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u.test(
        segment,
      )
        ? 2
        : 1;
  }
  return width;
}
