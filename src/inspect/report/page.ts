import { createHash } from "node:crypto";
import { reportStyle } from "../../report/index.ts";
import type { Inspection, LayerFound } from "../inspection.ts";
import { escapeXml, formatNumber, hrefOf } from "./html.ts";
import { bestPatchTile, type LayerPage, layerRules, layerSection, synthesisedTile } from "./layer-page.ts";
import { pageScript } from "./page-script.ts";
import { pageStyle } from "./page-style.ts";

/** Units that the overview shows of each layer. */
const STRIP = 8;

/** The whole report as one file: the net, its layers, their units, each with an address of its own. */
export function inspectionPage(inspection: Inspection, pages: readonly LayerPage[]): string {
  const { model, layers, looked, failures } = inspection;
  const links = layers.map(
    ({ name }) => `<a href="${hrefOf(name)}" title="${escapeXml(name)}">${escapeXml(shortName(name))}</a>`,
  );
  const rules = pages.map(layerRules).join("\n");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Inside ${escapeXml(model)}</title>
<style>${reportStyle}${pageStyle}
${rules}
</style>
</head>
<body>
<header>
<h1>Inside ${escapeXml(model)}</h1>
<p class="subtitle">${escapeXml(subtitleOf(inspection))}</p>
</header>
<nav aria-label="Layers"><a href="#net">the net</a>${links.join("")}</nav>
<main>
${overview(inspection, pages)}
${pages.map((page) => layerSection(page, looked - failures.length)).join("\n")}
</main>
<script>${pageScript}</script>
</body>
</html>
`;
}

/** The last words of a long name. */
function shortName(name: string): string {
  const parts = name.split("/");
  return name.length > 24 && parts.length > 2 ? parts.slice(-2).join("/") : name;
}

/** Nothing is loaded from anywhere, and no script runs but the page's own. */
function contentPolicy(): string {
  const hash = createHash("sha256").update(pageScript).digest("base64");
  return `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`;
}

function subtitleOf({ preparation, data, pictures, looked, complete }: Inspection): string {
  const share = looked < pictures ? `${looked} of ${pictures}` : `${pictures}`;
  return `Input: ${preparation}. Looked through ${share} pictures of ${data}.${complete ? "" : " Stopped before all was done."}`;
}

function overview(inspection: Inspection, pages: readonly LayerPage[]): string {
  const made = pages.some(({ synthesised }) => synthesised);
  const rows = pages.map((page) => layerRow(inspection, page, made));
  return `<section id="net">
<h2>From the picture to the answer</h2>
<p>A convolutional net is a row of layers. Each layer has units, and each unit is a detector of one kind of thing: it looks at one patch of the picture after another and answers with a number. What a unit looks for shows in two ways. ${
    made ? "The picture that was <em>made</em> for it, step by step, is what would move it most. " : ""
  }The <em>patches</em> are the nine places in the data, at most one of a picture, that moved it most; each shows exactly the pixels that the unit could see. Where that is most of a picture, a white frame marks the place.</p>
<p>Layers near the picture see small patches and find edges and colours. Further on they see larger ones and find textures, then parts of things. ${
    made
      ? "Where the made picture and the patches agree, the unit's meaning is clear; where the patches differ from each other, the unit stands for several things."
      : ""
  }</p>
<div class="table"><table class="layers">
<thead><tr><th scope="col">layer</th><th scope="col">sees</th><th scope="col" class="number">units</th><th scope="col">map</th><th scope="col">${made ? "what some of its units want to see" : "the best patches of some of its units"}</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>
${failuresHtml(inspection)}
</section>`;
}

function layerRow({ input }: Inspection, page: LayerPage, made: boolean): string {
  const { found } = page;
  const { name, units, width, height, silent } = found;
  const step = Math.max(1, found.shown.length / STRIP);
  const chosen = Array.from({ length: Math.min(STRIP, found.shown.length) }, (_, i) => Math.floor(i * step));
  const strip = chosen.map((i) => {
    const drawn = made ? synthesisedTile(page, i) : bestPatchTile(page, i);
    return `<a href="${hrefOf(name, found.shown[i].unit)}">${drawn}</a>`;
  });
  const silence = silent > 0 ? `<br><span class="fact">${silent} silent</span>` : "";
  return `<tr><td><a href="${hrefOf(name)}">${escapeXml(name)}</a></td><td>${reach(found, input)}</td><td class="number">${units}${silence}</td><td>${width}×${height}</td><td><div class="strip">${strip.join("")}</div></td></tr>`;
}

/** The receptive field, drawn to scale in the picture. */
function reach({ field }: LayerFound, { width, height }: Inspection["input"]): string {
  const scale = 44 / Math.max(width, height);
  const [w, h] = [width * scale, height * scale];
  const [across, down] = [Math.min(field.size, width) * scale, Math.min(field.size, height) * scale];
  const text = field.whole ? "whole picture" : `${formatNumber(field.size)} px`;
  return `<svg class="reach" width="46" height="${(h + 2).toFixed(1)}" role="img" aria-label="${text}"><rect x="1" y="1" width="${w.toFixed(1)}" height="${h.toFixed(1)}"/><rect class="field" x="${(1 + (w - across) / 2).toFixed(1)}" y="${(1 + (h - down) / 2).toFixed(1)}" width="${Math.max(1, across).toFixed(1)}" height="${Math.max(1, down).toFixed(1)}"/></svg>${text}`;
}

function failuresHtml({ failures }: Inspection): string {
  if (failures.length === 0) return "";
  const items = failures
    .slice(0, 20)
    .map(({ name, message }) => `<li>${escapeXml(name)}: ${escapeXml(message)}</li>`);
  return `<h2>${failures.length} pictures could not be read</h2><ul>${items.join("")}</ul>`;
}
