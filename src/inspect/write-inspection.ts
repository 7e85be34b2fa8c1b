import { rm } from "node:fs/promises";
import { join } from "node:path";
import { writeOutput } from "../core/index.ts";
import { type ContactTile, contactSheet, encodePicture, type Picture } from "../image/index.ts";
import type { Inspection, LayerFound, LayerPictures } from "./inspection.ts";
import { toTile } from "./patches/index.ts";
import { progressFolder } from "./progress-file.ts";
import { inspectionPage, type LayerPage, makeLayerPage, SIDES } from "./report/index.ts";

/** The file of an inspection's figures, in its folder. */
export const FIGURES = "inspect.json";

/** Where the sheets of layers lie. */
export function sheetFolder(out: string): string {
  return join(out, "layers");
}

/** Where an inspection lies. */
export interface InspectionFiles {
  report: string;
  figures: string;
  sheets: string[];
}

/**
 * Writes `report.html`, `inspect.json`, and a PNG sheet of each layer (and of its filters, where it looks at colours).
 * What a stopped run would go on from is removed when all is done.
 */
export async function writeInspection(
  out: string,
  inspection: Inspection,
  pictures: readonly LayerPictures[],
): Promise<InspectionFiles> {
  const pages: LayerPage[] = [];
  const sheets: string[] = [];
  for (const [i, found] of inspection.layers.entries()) {
    const drawn = pictures[i];
    const name = `${String(i + 1).padStart(2, "0")}-${found.name.replace(/[^\w.-]+/g, "_")}`;
    pages.push(await makeLayerPage(found, await asTiles(drawn), i));
    const path = join(sheetFolder(out), `${name}.png`);
    await writeOutput(path, await encodePicture(await layerSheet(found, drawn), "png"));
    sheets.push(path);
    if (!drawn.filters) continue;
    const filters = join(sheetFolder(out), `${name}-filters.png`);
    await writeOutput(filters, await encodePicture(await filterSheet(drawn.filters), "png"));
    sheets.push(filters);
  }
  const report = join(out, "report.html");
  const figures = join(out, FIGURES);
  await writeOutput(report, inspectionPage(inspection, pages));
  await writeOutput(figures, `${JSON.stringify(inspection, null, 2)}\n`);
  if (inspection.complete) await rm(progressFolder(out), { recursive: true, force: true });
  return { report, figures, sheets };
}

/** The pictures in the sizes of the page's tiles. */
async function asTiles({ patches, synthesised, filters }: LayerPictures): Promise<LayerPictures> {
  const resized = (pictures: readonly (Picture | undefined)[], side: number) =>
    Promise.all(pictures.map((picture) => picture && toTile(picture, side)));
  return {
    patches: await Promise.all(patches.map((nine) => resized(nine, SIDES.patch))),
    synthesised: await resized(synthesised, SIDES.synthesised),
    filters: filters && ((await resized(filters, SIDES.filter)) as Picture[]),
  };
}

/** Units that a sheet shows at most: more are in the report. */
const SHEET_UNITS = 64;

async function layerSheet(
  { name, shown }: LayerFound,
  { patches, synthesised }: LayerPictures,
): Promise<Picture> {
  const empty: Picture = { width: 1, height: 1, data: new Uint8Array([128, 128, 128]) };
  const hasMade = synthesised.some((picture) => picture !== undefined);
  const tiles: ContactTile[] = [];
  for (const [i, { unit }] of shown.slice(0, SHEET_UNITS).entries()) {
    const row: (Picture | undefined)[] = [...(hasMade ? [synthesised[i]] : []), ...patches[i]];
    while (row.length < 9 + (hasMade ? 1 : 0)) row.push(undefined);
    for (const [k, picture] of row.entries()) {
      const caption = k === 0 ? `unit ${unit}` : undefined;
      tiles.push({ picture: await toTile(picture ?? empty, SIDES.patch), caption });
    }
  }
  const columns = (hasMade ? 10 : 9) * (shown.length > 8 ? 2 : 1);
  const title = hasMade
    ? `${name}: made for each unit, and its nine best patches`
    : `${name}: the nine best patches of each unit`;
  return contactSheet(tiles, { columns, tileWidth: SIDES.patch, tileHeight: SIDES.patch, title });
}

async function filterSheet(filters: readonly Picture[]): Promise<Picture> {
  const tiles = await Promise.all(
    filters.map(async (filter, unit) => ({ picture: await toTile(filter, 64), caption: `${unit}` })),
  );
  return contactSheet(tiles, { tileWidth: 64, tileHeight: 64, title: "Filters" });
}
