/** What the pages of an inspection add to a report's style. */
export const pageStyle: string = `
.tile { display: block; aspect-ratio: 1; background-color: #808080; background-repeat: no-repeat; border-radius: 3px;
  box-shadow: 0 0 0 1px var(--grid); }
.pixels { image-rendering: pixelated; }
.layers td { vertical-align: middle; white-space: normal; padding: 8px 12px; }
.layers tr > td:first-child { font-weight: 600; overflow-wrap: anywhere; min-width: 9rem; }
.layers a { color: #2f6fd0; text-decoration: none; }
.layers a:hover { text-decoration: underline; }
.layers td:nth-child(2), .layers td:nth-child(3), .layers td:nth-child(4) { white-space: nowrap; }
.strip { display: grid; grid-template-columns: repeat(8, 48px); gap: 4px; }
.reach { display: block; }
.reach rect { fill: none; stroke: var(--axis); }
.reach .field { fill: #2f6fd0; stroke: none; }
.units { display: grid; grid-template-columns: repeat(auto-fill, minmax(290px, 1fr)); gap: 14px; }
.unit { background: var(--surface); border: 1px solid var(--grid); border-radius: 8px; padding: 10px; }
.unit h3 { margin: 0 0 8px; font-size: 0.95rem; display: flex; justify-content: space-between; gap: 8px; }
.unit h3 a, .unit h3 span { white-space: nowrap; }
.unit h3 a { color: var(--text); text-decoration: none; }
.unit h3 a:hover { text-decoration: underline; }
.unit h3 span { color: var(--muted); font-weight: 400; font-size: 0.85rem; }
.sight { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; }
.alone .sight { grid-template-columns: 1fr; }
.nine { display: grid; grid-template-columns: repeat(3, 1fr); gap: 4px; align-content: start; }
.unit ol { display: none; margin: 14px 0 0; padding-left: 1.6rem; color: var(--muted); font-variant-numeric: tabular-nums; }
.unit li { overflow-wrap: anywhere; }
.unit .turn { display: none; gap: 16px; margin-top: 14px; }
.turn a, .back a, .crumbs a { color: #2f6fd0; text-decoration: none; }
.turn a:hover, .back a:hover, .crumbs a:hover { text-decoration: underline; }
.legend { display: none; color: var(--muted); font-size: 0.85rem; margin: 6px 0 0; }
.filters { display: grid; grid-template-columns: repeat(auto-fill, 56px); gap: 6px; }
.filters a { display: block; text-decoration: none; color: var(--muted); font-size: 0.75rem; text-align: center; }
.one .unit { display: none; }
.one .unit.open { display: block; padding: 20px; }
.one .units { display: block; }
.one .unit.open h3 { font-size: 1.2rem; margin-bottom: 14px; }
.one .unit.open .sight { grid-template-columns: minmax(0, 380px) minmax(0, 480px); gap: 24px; justify-content: start; }
.one .unit.open .nine { gap: 8px; }
.one .unit.open ol { display: block; }
.one .unit.open .turn { display: flex; }
.one .unit.open .legend { display: block; }
.one .only-all { display: none; }
.paged > section { display: none; }
.paged > section.open { display: block; }
.fact { color: var(--muted); }
nav a[aria-current] { color: var(--text); font-weight: 600; }
@media print { .paged > section, .one .unit { display: block !important; } }
`;
