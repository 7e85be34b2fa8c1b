import { darkInk, fontFamily, type Ink, lightInk } from "./theme.ts";

/** The style of a report, with the colours of its charts for dark screens. */
export const reportStyle: string = `
:root { ${variables(lightInk, "#f4f6f8")} }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 3.5rem; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.55 system-ui, ${fontFamily}; }
header, main { max-width: 1180px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 32px; padding-bottom: 12px; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 0 0 12px; font-size: 1.2rem; }
.subtitle { margin: 6px 0 0; color: var(--muted); overflow-wrap: anywhere; }
nav { position: sticky; top: 0; z-index: 1; display: flex; gap: 20px; overflow-x: auto; white-space: nowrap;
  padding: 10px max(24px, calc((100vw - 1180px) / 2 + 24px)); background: var(--page); border-bottom: 1px solid var(--grid); }
nav a { color: var(--muted); text-decoration: none; }
nav a:hover, nav a:focus-visible { color: var(--text); text-decoration: underline; }
section { margin: 36px 0; }
section p { max-width: 75ch; margin: 0 0 12px; white-space: pre-line; }
.summary { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 24px 0; }
.summary div, .table, figure { background: var(--surface); border: 1px solid var(--grid); border-radius: 8px; }
.summary div { padding: 12px 16px; }
dt { color: var(--muted); font-size: 0.85rem; }
dd { margin: 2px 0 0; font-size: 1.4rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.table { overflow-x: auto; margin: 0 0 16px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 7px 14px; text-align: left; white-space: pre; }
th { color: var(--muted); font-weight: 600; font-size: 0.85rem; }
td { border-top: 1px solid var(--grid); }
.number { text-align: right; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 16px; align-items: start; }
.wide { grid-column: 1 / -1; }
figure { margin: 0; padding: 8px; min-width: 0; }
figure button { display: block; width: 100%; padding: 0; border: 0; background: none; cursor: zoom-in; }
figure svg, figure img { display: block; max-width: 100%; height: auto; margin: 0 auto; border-radius: 4px; }
figcaption { padding: 8px; color: var(--muted); font-size: 0.9rem; }
figcaption strong { color: var(--text); font-weight: 600; }
dialog { width: 96vw; height: 94vh; max-width: none; max-height: none; padding: 12px; border: 0; border-radius: 8px;
  background: var(--surface); cursor: zoom-out; }
dialog:focus { outline: none; }
dialog::backdrop { background: rgb(0 0 0 / 60%); }
dialog svg, dialog img { width: 100%; height: 100%; object-fit: contain; }
@media screen and (prefers-color-scheme: dark) {
  :root { ${variables(darkInk, "#0f1317")} }
  ${chartColors()}
}
@media print {
  body { background: #fff; font-size: 11pt; }
  nav, dialog { display: none; }
  section { margin: 20pt 0; }
  h2 { break-after: avoid; }
  figure, tr, .summary div { break-inside: avoid; }
  .figures { grid-template-columns: 1fr 1fr; }
  .table { overflow: visible; }
  th, td { white-space: pre-wrap; }
}
`;

function variables(ink: Ink, page: string): string {
  const colors = Object.entries(ink).map(([name, color]) => `--${name}: ${color};`);
  return [...colors, `--page: ${page};`].join(" ");
}

/** Rules that turn the neutral colours of charts into dark ones; a chart's other colours stay. */
function chartColors(): string {
  const names = Object.keys(lightInk) as (keyof Ink)[];
  return ["fill", "stroke"]
    .flatMap((paint) =>
      names.map((name) => `svg [${paint}="${lightInk[name]}"] { ${paint}: ${darkInk[name]}; }`),
    )
    .join("\n  ");
}
