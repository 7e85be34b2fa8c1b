/**
 * Draws a validation figure of several runs over training time into one picture:
 *
 *   npx tsx tools/compare-runs.ts --metric mAP50 --out curves.png "from nothing=runs/a" "from a backbone=runs/b"
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeOutput } from "../src/core/index.ts";
import { renderSvg } from "../src/image/index.ts";
import { type LineSeries, lineChart } from "../src/report/index.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    metric: { type: "string", default: "mAP50" },
    out: { type: "string", default: "curves.png" },
    title: { type: "string" },
    from: { type: "string", default: "0" },
  },
});

/** The figure by minutes, where it was measured. */
async function seriesOf(argument: string): Promise<LineSeries> {
  const [name, folder] = argument.split("=");
  const [header, ...rows] = (await readFile(join(folder, "results.csv"), "utf8")).trim().split("\n");
  const columns = header.split(",");
  const [seconds, figure] = ["seconds", flags.metric].map((column) => columns.indexOf(column));
  const points = rows
    .map((row) => row.split(","))
    .filter((cells) => cells[figure] !== "" && cells[figure] !== undefined)
    .map((cells): [number, number] => [Number(cells[seconds]) / 60, Number(cells[figure])]);
  return { name, points, dots: false };
}

const series = await Promise.all(positionals.map(seriesOf));
const best = Math.max(...series.flatMap(({ points }) => points.map(([, y]) => y)));
const svg = lineChart({
  title: flags.title ?? flags.metric,
  xLabel: "minutes",
  yLabel: flags.metric,
  yRange: [Number(flags.from), best],
  series,
});
await writeOutput(flags.out, await renderSvg(svg, { background: "#ffffff" }));
