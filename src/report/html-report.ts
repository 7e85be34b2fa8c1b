import { createHash } from "node:crypto";
import { FoveaError } from "../core/index.ts";
import { escapeXml } from "../image/index.ts";
import { formatNumber } from "./format-number.ts";
import { reportScript } from "./html-script.ts";
import { reportStyle } from "./html-style.ts";
import { formatTable, type TableCell } from "./table.ts";

/** A picture of a report; exactly one of `svg`, `png` and `jpeg`. */
export interface ReportFigure {
  title: string;
  /** SVG text of a drawing, such as a chart of this room. It becomes part of the page as it is. */
  svg?: string;
  /** Bytes of a PNG file. */
  png?: Uint8Array;
  /** Bytes of a JPEG file. */
  jpeg?: Uint8Array;
  caption?: string;
  /** Whether it takes the page's full width; by default drawings wider than 800 pixels do. */
  wide?: boolean;
}

/** A table of a report. Columns with numbers are aligned from the right. */
export interface ReportTable {
  columns: readonly string[];
  rows: readonly (readonly TableCell[])[];
}

/** A part of a report with a heading of its own. */
export interface ReportSection {
  title: string;
  /** Plain text; empty lines separate paragraphs. */
  text?: string;
  figures?: readonly ReportFigure[];
  table?: ReportTable;
}

/** What a report says. */
export interface Report {
  title: string;
  subtitle?: string;
  /** The figures that matter most, shown large. */
  summary?: readonly { label: string; value: string | number }[];
  sections: readonly ReportSection[];
}

/**
 * Writes a report as one HTML file that needs nothing beside it: styles, script and pictures are inside, and
 * its content security policy forbids requests. All text is escaped. Charts of this room follow the reader's
 * light or dark screen.
 *
 * @throws FoveaError `report-figure` if a figure has not exactly one picture, or `svg` is no SVG
 */
export function htmlReport(report: Report): string {
  const { title, subtitle, summary = [], sections } = report;
  let figures = 0;
  const content = sections.map((section, i) => {
    const drawn = (section.figures ?? []).map((figure) => figureHtml(figure, figures++)).join("\n");
    return sectionHtml(section, i, drawn);
  });
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeXml(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>${escapeXml(title)}</h1>
${subtitle === undefined ? "" : `<p class="subtitle">${escapeXml(subtitle)}</p>`}
</header>
${navigationHtml(sections)}
<main>
${summaryHtml(summary)}
${content.join("\n")}
</main>
<dialog id="enlarged" aria-label="Enlarged figure"></dialog>
<script>${reportScript}</script>
</body>
</html>
`;
}

/** Nothing is loaded from anywhere, and no script runs but the report's own. */
function contentPolicy(): string {
  const hash = createHash("sha256").update(reportScript).digest("base64");
  return `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`;
}

function navigationHtml(sections: readonly ReportSection[]): string {
  if (sections.length < 2) return "";
  const links = sections.map(({ title }, i) => `<a href="#section-${i + 1}">${escapeXml(title)}</a>`);
  return `<nav aria-label="Sections">\n${links.join("\n")}\n</nav>`;
}

function summaryHtml(summary: NonNullable<Report["summary"]>): string {
  if (summary.length === 0) return "";
  const items = summary.map(({ label, value }) => {
    const text = typeof value === "number" ? formatNumber(value) : value;
    return `<div><dt>${escapeXml(label)}</dt><dd>${escapeXml(text)}</dd></div>`;
  });
  return `<dl class="summary">\n${items.join("\n")}\n</dl>`;
}

function sectionHtml({ title, text = "", table }: ReportSection, index: number, figures: string): string {
  const paragraphs = text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== "");
  return [
    `<section id="section-${index + 1}">`,
    `<h2>${escapeXml(title)}</h2>`,
    ...paragraphs.map((paragraph) => `<p>${escapeXml(paragraph.trim())}</p>`),
    table === undefined ? "" : tableHtml(table),
    figures === "" ? "" : `<div class="figures">\n${figures}\n</div>`,
    "</section>",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function tableHtml({ columns, rows }: ReportTable): string {
  const table = formatTable(columns, rows);
  const side = (numeric: boolean) => (numeric ? ' class="number"' : "");
  const head = table.map(({ name, numeric }) => `<th scope="col"${side(numeric)}>${escapeXml(name)}</th>`);
  const body = rows.map((_, row) => {
    const cells = table.map(({ cells, numeric }) => `<td${side(numeric)}>${escapeXml(cells[row])}</td>`);
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<div class="table"><table>
<thead><tr>${head.join("")}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table></div>`;
}

function figureHtml(figure: ReportFigure, index: number): string {
  const { title, caption } = figure;
  const text = caption === undefined ? "" : ` <span>${escapeXml(caption)}</span>`;
  return `<figure${isWide(figure) ? ' class="wide"' : ""}>
<button type="button" aria-label="Enlarge: ${escapeXml(title)}">${pictureHtml(figure, index)}</button>
<figcaption><strong>${escapeXml(title)}</strong>${text}</figcaption>
</figure>`;
}

function isWide({ svg = "", wide }: ReportFigure): boolean {
  return wide ?? Number(/<svg\s[^>]*?\bwidth="([\d.]+)(?:px)?"/.exec(svg)?.[1]) > 800;
}

function pictureHtml({ title, svg, png, jpeg }: ReportFigure, index: number): string {
  const given = [svg, png, jpeg].filter((picture) => picture !== undefined).length;
  if (given !== 1) {
    throw new FoveaError(
      "report-figure",
      `htmlReport: figure "${title}" must have exactly one of \`svg\`, \`png\` and \`jpeg\`, but has ${given}.`,
    );
  }
  if (svg !== undefined) return inlineSvg(title, svg, index);
  const type = png === undefined ? "jpeg" : "png";
  const data = Buffer.from((png ?? jpeg)!).toString("base64");
  return `<img alt="${escapeXml(title)}" src="data:image/${type};base64,${data}">`;
}

/** An SVG element with ids of its own, since all drawings of a page share one name space. */
function inlineSvg(title: string, svg: string, index: number): string {
  const element = svg.slice(Math.max(0, svg.search(/<svg[\s>]/)));
  if (!/^<svg[\s>]/.test(element)) {
    throw new FoveaError("report-figure", `htmlReport: \`svg\` of figure "${title}" has no <svg> element.`);
  }
  return element
    .trim()
    .replace(/(\sid="|url\(["']?#|href="#)/g, `$1figure-${index + 1}-`)
    .replace("<svg", () => `<svg role="img" aria-label="${escapeXml(title)}"`);
}
