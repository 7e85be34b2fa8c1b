import { FEW_PIXELS } from "../enlarge-squares.ts";
import type { LayerFound, LayerPictures, UnitFound } from "../inspection.ts";
import { TILE } from "../patches/index.ts";
import { escapeXml, formatNumber, hrefOf, spriteRule, tile } from "./html.ts";
import { makeSprites, placeInSprites, type Sprite } from "./sprites.ts";

/** Sides of tiles in pixels; patches are cut out in this size. */
export const SIDES: Readonly<Record<"patch" | "synthesised" | "filter", number>> = {
  patch: TILE,
  synthesised: 128,
  filter: 48,
};

/** A layer's sprites, and what the page says of it. */
export interface LayerPage {
  found: LayerFound;
  patches: Sprite[];
  synthesised: Sprite[] | undefined;
  filters: Sprite[] | undefined;
  /** Begins the names of its sprites' classes. */
  prefix: string;
}

/** Draws the sprites of a layer. */
export async function makeLayerPage(
  found: LayerFound,
  pictures: LayerPictures,
  index: number,
): Promise<LayerPage> {
  const made = pictures.synthesised.some((picture) => picture !== undefined);
  return {
    found,
    prefix: `l${index}`,
    patches: await makeSprites(pictures.patches, 9, SIDES.patch),
    synthesised: made
      ? await makeSprites(
          pictures.synthesised.map((picture) => [picture]),
          1,
          SIDES.synthesised,
          85,
        )
      : undefined,
    filters:
      pictures.filters &&
      (await makeSprites(
        pictures.filters.map((picture) => [picture]),
        1,
        SIDES.filter,
        90,
      )),
  };
}

/** The style's rules that hold a layer's pictures. */
export function layerRules({ prefix, patches, synthesised = [], filters = [] }: LayerPage): string {
  const rules = (kind: string, sprites: readonly Sprite[]) =>
    sprites.map((sprite, i) => spriteRule(`${prefix}${kind}${i}`, sprite.webp, sprite));
  return [...rules("p", patches), ...rules("s", synthesised), ...rules("f", filters)].join("\n");
}

/** The picture that was made for a shown unit. */
export function synthesisedTile({ prefix, synthesised, found }: LayerPage, index: number): string {
  if (!synthesised) return "";
  const { sprite, row } = placeInSprites(synthesised, index);
  const label = `What unit ${found.shown[index].unit} of ${found.name} wants to see`;
  return tile(`${prefix}s${sprite}${edges(found)}`, 0, row, synthesised[sprite], label);
}

/** The best patch of a shown unit. */
export function bestPatchTile(page: LayerPage, index: number): string {
  return patchTile(page, index, 0);
}

function patchTile({ prefix, patches, found }: LayerPage, index: number, rank: number): string {
  const { unit, patches: all } = found.shown[index];
  const patch = all[rank];
  if (!patch) return "";
  const { sprite, row } = placeInSprites(patches, index);
  const label = `Unit ${unit}, patch ${rank + 1}: activation ${formatNumber(patch.activation)}, ${patch.picture}`;
  return tile(`${prefix}p${sprite}${edges(found)}`, rank, row, patches[sprite], label);
}

/** Few pixels are shown with hard edges. */
function edges({ field }: LayerFound): string {
  return field.size < FEW_PIXELS ? " pixels" : "";
}

/**
 * The section of a layer: its figures, its filters where it looks at colours, its units.
 * @param pictures that the net has seen
 */
export function layerSection(page: LayerPage, pictures: number): string {
  const { found } = page;
  const { name, shown, units } = found;
  const cards = shown.map((unit, i) => unitCard(page, unit, i));
  return `<section id="${escapeXml(name)}">
<h2>${escapeXml(name)}</h2>
<div class="only-all">
<p class="fact">${escapeXml(describeLayer(found, pictures))}</p>
${filtersHtml(page)}
<p class="fact">${shown.length === units ? `All ${units} units.` : `${shown.length} of its ${units} units.`} Choose one to see it large.</p>
</div>
<div class="units">
${cards.join("\n")}
</div>
</section>`;
}

/** What a layer is, in sentences. */
function describeLayer(
  { height, width, units, field, gated, silent, tensor }: LayerFound,
  pictures: number,
): string {
  const { size, stride } = field;
  const sees = field.whole
    ? "Each place of its map sees the whole picture."
    : `Each place of its map sees ${size}×${size} pixels of the net's input, ${formatNumber(stride)} ${stride === 1 ? "pixel" : "pixels"} on from its neighbour.`;
  const gates = gated
    ? " Gates let it know of the rest of the picture too; patches show what it sees at its own place."
    : "";
  const silence = silent > 0 ? ` ${silent} units answered to none of ${pictures} pictures.` : "";
  return `Map of ${width}×${height} places and ${units} units (tensor ${tensor}). ${sees}${gates}${silence}`;
}

function filtersHtml({ filters, found, prefix }: LayerPage): string {
  if (!filters) return "";
  const shown = new Set(found.shown.map(({ unit }) => unit));
  const items = Array.from({ length: found.units }, (_, unit) => {
    const { sprite, row } = placeInSprites(filters, unit);
    const drawn = `${tile(`${prefix}f${sprite} pixels`, 0, row, filters[sprite], `Filter of unit ${unit}`)}${unit}`;
    return shown.has(unit) ? `<a href="${hrefOf(found.name, unit)}">${drawn}</a>` : `<a>${drawn}</a>`;
  });
  return `<p>This layer looks at colours directly, so its filters are pictures: grey is weight 0, a colour is what the filter looks for, its opposite what it looks against.</p>
<div class="filters">${items.join("")}</div>`;
}

function unitCard(page: LayerPage, unit: UnitFound, index: number): string {
  const { found } = page;
  const id = `${found.name}/${unit.unit}`;
  const nine = unit.patches.map((_, rank) => patchTile(page, index, rank)).join("");
  const made = synthesisedTile(page, index);
  const best = unit.patches[0]?.activation ?? 0;
  const legend =
    unit.synthesised === undefined
      ? ""
      : ` The picture made for it reaches ${formatNumber(unit.synthesised)}.`;
  const items = unit.patches.map(
    ({ picture, activation, box }) =>
      `<li>${formatNumber(activation)} · ${escapeXml(picture)} <span>(${box[0]}, ${box[1]} to ${box[2]}, ${box[3]})</span></li>`,
  );
  return `<article class="unit${made ? "" : " alone"}" id="${escapeXml(id)}">
<h3><a href="${hrefOf(id)}">unit ${unit.unit}</a><span>best ${formatNumber(best)} · answers in ${formatPercent(unit.fires)}</span></h3>
<div class="sight">${made ? `<div>${made}<p class="legend">Made for this unit: what moves it most.</p></div>` : ""}<div><div class="nine">${nine}</div><p class="legend">The patches of the data that move it most.</p></div></div>
<p class="legend">The unit answers above 0 in ${formatPercent(unit.fires)} of the pictures; the mean of its largest answers is ${formatNumber(unit.meanActivation)}.${legend}</p>
<ol>${items.join("")}</ol>
<p class="turn">${turnLinks(found, index)}</p>
</article>`;
}

function turnLinks({ name, shown }: LayerFound, index: number): string {
  const to = (at: number, kind: string, text: string) =>
    shown[at] ? `<a class="${kind}" href="${hrefOf(name, shown[at].unit)}">${text}</a>` : "";
  return [
    to(index - 1, "previous", "← previous unit"),
    `<a class="up" href="${hrefOf(name)}">all units of ${escapeXml(name)}</a>`,
    to(index + 1, "next", "next unit →"),
  ].join("");
}

function formatPercent(share: number): string {
  const percent = 100 * share;
  return `${percent > 0 && percent < 1 ? "<1" : Math.round(percent)} %`;
}
