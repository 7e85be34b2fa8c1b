/**
 * How well people are known by one picture, among strangers:
 *
 *   npx tsx tools/open-set-faces.ts --people ../shared/data/lfw/train --cache .scratch/faces
 *
 * Draws halves of the people again and again. One half calibrates the threshold. Of the other, half are enrolled by one
 * picture each; their other pictures, and as many of people who are not enrolled, are probes.
 */
import { parseArgs } from "node:util";
import { Random } from "../src/core/index.ts";
import {
  calibrateDistances,
  distancesOfPeople,
  type EncoderModel,
  encodingDistance,
  identificationThreshold,
  readPairedPeople,
} from "../src/face/index.ts";
import { wilsonInterval } from "../src/metrics/index.ts";
import { encodePeople } from "./encode-people.ts";

const { values: flags } = parseArgs({
  options: {
    people: { type: "string", default: "../shared/data/lfw/train" },
    cache: { type: "string", default: ".scratch/faces" },
    draws: { type: "string", default: "100" },
    threads: { type: "string", default: "1" },
  },
});

/** The encodings of a person's pictures. */
type Person = Float32Array[];

/** Counts of one draw. */
interface Draw {
  enrolled: number;
  known: number;
  /** Known probes whose nearest person is the right one. */
  first: number;
  /** Those of them that are near enough to be named. */
  named: number;
  /** Known probes that are named as somebody else. */
  confused: number;
  strangers: number;
  alarms: number;
}

function draw(people: readonly Person[], model: EncoderModel, falseAlarmRate: number, seed: number): Draw {
  const random = new Random(seed, 0x0be5);
  const order = random.shuffle(people);
  const half = order.length >> 1;
  const tested = order.slice(half);
  const gallery = tested.slice(0, tested.length >> 1).map((pictures) => {
    const [first, ...probes] = random.shuffle(pictures);
    return { first, probes };
  });
  const calibration = calibrateDistances(pairsOf(order.slice(0, half)), {
    encoder: model,
    mirror: false,
    draws: 0,
  });
  const { threshold } = identificationThreshold(calibration, falseAlarmRate, gallery.length);
  const nearest = (probe: Float32Array) => {
    const distances = gallery.map(({ first }) => encodingDistance(probe, first));
    const distance = Math.min(...distances);
    return { person: distances.indexOf(distance), distance };
  };
  const known = gallery.flatMap(({ probes }, person) =>
    probes.map((probe) => ({ ...nearest(probe), whose: person })),
  );
  const others = random.shuffle(tested.slice(tested.length >> 1).flat()).slice(0, known.length);
  return {
    enrolled: gallery.length,
    known: known.length,
    first: known.filter(({ person, whose }) => person === whose).length,
    named: known.filter(({ person, whose, distance }) => person === whose && distance <= threshold).length,
    confused: known.filter(({ person, whose, distance }) => person !== whose && distance <= threshold).length,
    strangers: others.length,
    alarms: others.filter((probe) => nearest(probe).distance <= threshold).length,
  };
}

function pairsOf(people: readonly Person[]) {
  const owners = people.flatMap((pictures, person) => pictures.map(() => person));
  return distancesOfPeople(people.flat(), owners);
}

function line(name: string, draws: readonly Draw[], hits: keyof Draw, count: keyof Draw): string {
  const sum = (key: keyof Draw) => draws.reduce((total, each) => total + each[key], 0);
  const shares = draws.map((each) => each[hits] / each[count]).sort((a, b) => a - b);
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const at = (q: number) => percent(shares[Math.round(q * (shares.length - 1))]);
  const [low, high] = wilsonInterval(draws[0][hits], draws[0][count]);
  return `  ${name}: ${percent(sum(hits) / sum(count))}, 95 % of the draws ${at(0.025)} to ${at(0.975)} (the first: ${draws[0][hits]} of ${draws[0][count]}, Wilson ${percent(low)} to ${percent(high)})`;
}

const folders = await readPairedPeople(flags.people);
const paths = folders.flatMap(({ pictures }) => pictures);
for (const mirror of [false, true]) {
  const options = { root: flags.people, cache: flags.cache, mirror, threads: Number(flags.threads) };
  const { model, encoded } = await encodePeople(paths, options);
  const people = folders
    .map(({ pictures }) => pictures.flatMap((path) => encoded.get(path)?.encoding ?? []))
    .filter((pictures) => pictures.length >= 2);
  for (const falseAlarmRate of [0.1, 0.01]) {
    const draws = Array.from({ length: Number(flags.draws) }, (_, seed) =>
      draw(people, model, falseAlarmRate, seed),
    );
    console.log(
      `${mirror ? "averaged with mirror images" : "plain"}, false alarms wanted ${falseAlarmRate}, ${draws[0].enrolled} people enrolled by one picture`,
    );
    console.log(line("rank 1, known probes", draws, "first", "known"));
    console.log(line("named rightly, known probes", draws, "named", "known"));
    console.log(line("named wrongly, known probes", draws, "confused", "known"));
    console.log(line("false alarms, strangers", draws, "alarms", "strangers"));
  }
}
