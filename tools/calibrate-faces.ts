/**
 * Measures which distances of the ready face encoder are how rare between two people, and writes
 * `src/face/verification/ready-calibration-table.ts`. Also tells how well faces are grouped by which cut.
 *
 *   nice npx tsx tools/calibrate-faces.ts --people ../shared/data/lfw/train --cache .scratch/faces --threads 1
 *
 * Encodings are kept in the folder of --cache: a second run reads them there.
 */
import { parseArgs } from "node:util";
import { writeOutput } from "../src/core/index.ts";
import {
  type Calibration,
  calibrateDistances,
  clusterEncodings,
  countLooks,
  distancesOfPeople,
  readPairedPeople,
} from "../src/face/verification/index.ts";
import { bCubed } from "../src/metrics/index.ts";
import { encodePeople } from "./encode-people.ts";

const TABLE = "src/face/verification/ready-calibration-table.ts";

const { values: flags } = parseArgs({
  options: {
    people: { type: "string", default: "../shared/data/lfw/train" },
    cache: { type: "string", default: ".scratch/faces" },
    threads: { type: "string", default: "1" },
  },
});
const threads = Number(flags.threads);

function row(point: Calibration["points"][number]): string {
  const { distance, falseMatches, missRate, spread = [0, 1] } = point;
  const numbers = [
    Number(distance.toFixed(6)),
    falseMatches,
    Number(missRate.toFixed(5)),
    ...spread.map((end) => Number(end.toPrecision(4))),
  ];
  return `      [${numbers.join(", ")}],\n`;
}

function part(name: string, { different, same, points }: Calibration): string {
  return `  ${name}: {\n    different: ${different},\n    same: ${same},\n    points: [\n${points.map(row).join("")}    ],\n  },\n`;
}

const people = await readPairedPeople(flags.people);
const owners = people.flatMap(({ pictures }, person) => pictures.map(() => person));
const paths = people.flatMap(({ pictures }) => pictures);
const parts: string[] = [];
let digest = "";
for (const mirror of [false, true]) {
  const { model, encoded } = await encodePeople(paths, {
    root: flags.people,
    cache: flags.cache,
    mirror,
    threads,
  });
  digest = model.digest;
  const faces = paths.map((path) => encoded.get(path)?.encoding);
  const present = paths.map((_, i) => i).filter((i) => faces[i]);
  const encodings = present.map((i) => faces[i]!);
  const whose = present.map((i) => owners[i]);
  const calibration = calibrateDistances(distancesOfPeople(encodings, whose), {
    encoder: model,
    mirror,
    pictures: present.length,
  });
  parts.push(part(mirror ? "mirrored" : "plain", calibration));
  console.log(mirror ? "averaged with mirror images" : "plain", countLooks(encoded.values()));
  for (let cut = 0.4; cut <= 0.7; cut += 0.02) {
    const { precision, recall, f1 } = bCubed(clusterEncodings(encodings, cut), whose);
    const figures = [precision, recall, f1].map((figure) => figure.toFixed(4)).join(" ");
    console.log(`cut ${cut.toFixed(2)}: B-cubed precision, recall, F1 ${figures}`);
  }
}
await writeOutput(
  TABLE,
  `import type { MeasuredDistances } from "./ready-calibration.ts";

/** Written by \`tools/calibrate-faces.ts\`; rows are distance, false matches, miss rate, interval of the rate by people. */
export const measured: {
  digest: string;
  people: number;
  pictures: number;
  plain: MeasuredDistances;
  mirrored: MeasuredDistances;
} = {
  digest: "${digest}",
  people: ${people.length},
  pictures: ${paths.length},
${parts.join("")}};
`,
);
