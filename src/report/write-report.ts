import { join } from "node:path";
import { writeOutput } from "../core/index.ts";
import { encodePicture, type Picture, renderSvg } from "../image/index.ts";
import { htmlReport, type Report, type ReportFigure, type ReportSection } from "./html-report.ts";

/** A drawing of a report, also kept as a file of its own. */
export interface ReportPlot {
  /** File name without extension. */
  name: string;
  title: string;
  caption?: string;
  svg?: string;
  picture?: Picture;
}

/** A section of a report with its drawings. */
export interface ReportPart extends Pick<ReportSection, "title" | "text" | "table"> {
  plots: readonly ReportPlot[];
}

/** Writes `report.html` and one picture per plot into `out/plots`; returns the report's path. */
export async function writeReport(
  out: string,
  head: Omit<Report, "sections">,
  parts: readonly ReportPart[],
): Promise<string> {
  const sections: ReportSection[] = [];
  for (const { title, text, plots, table } of parts) {
    const figures: ReportFigure[] = [];
    for (const plot of plots) {
      const { name, title, caption, svg, picture } = plot;
      if (svg) {
        await writeOutput(join(out, "plots", `${name}.png`), await renderSvg(svg, { background: "#ffffff" }));
        figures.push({ title, caption, svg });
      } else if (picture) {
        const jpeg = await encodePicture(picture, "jpeg", { quality: 85 });
        await writeOutput(join(out, "plots", `${name}.jpg`), jpeg);
        figures.push({ title, caption, jpeg, wide: true });
      }
    }
    sections.push({ title, text, figures, table });
  }
  const path = join(out, "report.html");
  await writeOutput(path, htmlReport({ ...head, sections }));
  return path;
}
