/**
 * Galleries of generated encodings, clustered like real ones. A gallery in a folder: enrolling, the index, identifying,
 * recall against the exact search, memory, disk, reopening. The search in memory: beside a plain scan of floats.
 * `npx tsx bench/gallery.ts [--faces 100000] [--memory 1000000] [--probes 200] [--threads N] [--json]`; 0 leaves a part
 * out.
 */

import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { median } from "../src/core/index.ts";
import { EncodingIndex, type Enrollment, Gallery } from "../src/face/gallery/index.ts";
import { ClusteredEncodings } from "../test/face/gallery/clustered-encodings.ts";

const { values: flags } = parseArgs({
  options: {
    faces: { type: "string", default: "100000" },
    memory: { type: "string", default: "1000000" },
    probes: { type: "string", default: "200" },
    threads: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const probeCount = Number(flags.probes);
const threads = flags.threads === undefined ? undefined : Number(flags.threads);

const SIZE = 128;
/** Pictures of a person. */
const EACH = 5;
const encoder = {
  name: "generated",
  digest: createHash("sha256").update("generated").digest("hex"),
  size: SIZE,
  mirror: false,
};

/** Rows of floats, whose they are, and probes: every other one of an enrolled person, the rest of strangers. */
function generate(count: number): { rows: Float32Array; probes: Float32Array[] } {
  const make = new ClusteredEncodings(1, SIZE);
  const rows = new Float32Array(count * SIZE);
  const probes: Float32Array[] = [];
  const between = Math.max(1, Math.floor(count / EACH / probeCount));
  for (let i = 0, person = 0; i < count; person++) {
    const next = make.person();
    for (const end = Math.min(count, i + EACH); i < end; i++) rows.set(next(), i * SIZE);
    if (person % between === 0 && probes.length < probeCount) {
      probes.push(probes.length % 2 === 0 ? next() : make.person()());
    }
  }
  return { rows, probes };
}

const rowAt = (rows: Float32Array, i: number) => rows.subarray(i * SIZE, (i + 1) * SIZE);
const percentile = (times: readonly number[], share: number) =>
  [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(share * times.length))];
const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);

async function timed<T>(work: () => Promise<T> | T): Promise<{ ms: number; result: T }> {
  const start = performance.now();
  const result = await work();
  return { ms: performance.now() - start, result };
}

/** Times of a search, one probe at a time; the first ones warm up. */
async function timesOf(
  probes: readonly Float32Array[],
  search: (probe: Float32Array) => unknown,
): Promise<number[]> {
  for (const probe of probes.slice(0, 20)) await search(probe);
  const times: number[] = [];
  for (const probe of probes) times.push((await timed(() => search(probe))).ms);
  return times;
}

/** The nearest people by an exact search of all faces. */
async function exactPeople(index: EncodingIndex, probe: Float32Array, top: number): Promise<string[]> {
  const [faces] = await index.search([probe], EACH * top);
  return [...new Set(faces.map(({ key }) => personOf(key)))].slice(0, top);
}

const personOf = (face: number) => `Person ${Math.floor(face / EACH)}`;

function* enrollments(rows: Float32Array, count: number): Generator<Enrollment> {
  for (let i = 0; i < count; i += EACH) {
    const faces = Array.from({ length: Math.min(EACH, count - i) }, (_, k) => {
      const digest = createHash("sha256")
        .update(`${i + k}`)
        .digest("hex");
      return {
        encoding: rowAt(rows, i + k),
        picture: { digest, source: `people/${i / EACH}/${k}.jpg` },
        box: [10, 20, 110, 140] as const,
      };
    });
    yield { name: personOf(i), faces };
  }
}

async function folderGallery(count: number) {
  const { rows, probes } = generate(count);
  const parent = await mkdtemp(join(tmpdir(), "fovea-bench-"));
  const folder = join(parent, "gallery");
  try {
    let indexStart = 0;
    const options = {
      encoder,
      onIndex: () => {
        indexStart = performance.now();
      },
    };
    const made = await timed(() => Gallery.open(folder, { ...options, create: true }));
    let gallery = made.result;
    const enrolled = await timed(() => gallery.enrollAll(enrollments(rows, count)));
    const indexMs = indexStart === 0 ? 0 : performance.now() - indexStart;
    const { search, bytes } = await gallery.stats();
    await gallery.close();
    const reopened = await timed(() => Gallery.open(folder, options));
    gallery = reopened.result;

    const index = new EncodingIndex(SIZE, { threads });
    for (let i = 0; i < count; i++) index.add(i, rowAt(rows, i));
    const recall = { at1: 0, at10: 0 };
    for (const probe of probes) {
      const { matches } = await gallery.identify(probe, { top: 10 });
      const found = matches.map(({ name }) => name);
      const exact = await exactPeople(index, probe, 10);
      recall.at1 += Number(found[0] === exact[0]) / probes.length;
      recall.at10 += exact.filter((name) => found.includes(name)).length / exact.length / probes.length;
    }
    await index.close();
    const times = await timesOf(probes, (probe) => gallery.identify(probe));
    const rss = process.memoryUsage.rss();
    const { ms: forgetMs } = await timed(() => gallery.forget([personOf(0), personOf(EACH)]));
    await gallery.close();
    return {
      faces: count,
      search,
      makeMs: made.ms,
      enrollPerSecond: (count / (enrolled.ms - indexMs)) * 1000,
      indexMs,
      reopenMs: reopened.ms,
      identifyMs: { p50: median(times), p99: percentile(times, 0.99) },
      recall,
      forgetMs,
      rssMb: megabytes(rss),
      diskMb: megabytes(bytes),
    };
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

/** The nearest row by comparing floats, one after the other. */
function plainScan(rows: Float32Array, probe: Float32Array): number {
  let [nearest, least] = [-1, Number.POSITIVE_INFINITY];
  for (let i = 0, at = 0; at < rows.length; i++) {
    let square = 0;
    for (let k = 0; k < SIZE; k++, at++) {
      const difference = rows[at] - probe[k];
      square += difference * difference;
    }
    if (square < least) [nearest, least] = [i, square];
  }
  return nearest;
}

async function memorySearch(count: number) {
  const { rows, probes } = generate(count);
  const index = new EncodingIndex(SIZE, { threads });
  const before = process.memoryUsage.rss();
  const loaded = await timed(async () => {
    for (let i = 0; i < count; i++) index.add(i, rowAt(rows, i));
    await index.search([probes[0]], 1);
  });
  const rss = process.memoryUsage.rss() - before;
  const times = await timesOf(probes, (probe) => index.search([probe], 1));
  const ten = await timesOf(probes, (probe) => index.search([probe], 10));
  const few = probes.slice(0, 20);
  const plain = await timesOf(few, (probe) => plainScan(rows, probe));
  let wrong = 0;
  for (const probe of few) {
    const [[found]] = await index.search([probe], 1);
    if (found.key !== plainScan(rows, probe)) wrong++;
  }
  const together = await timed(() => index.search(probes, 1));
  await index.close();
  return {
    rows: count,
    loadMs: loaded.ms,
    searchMs: { p50: median(times), p99: percentile(times, 0.99) },
    tenNearestMs: { p50: median(ten), p99: percentile(ten, 0.99) },
    togetherMs: together.ms / probes.length,
    plainScanMs: median(plain),
    ratio: median(plain) / median(times),
    wrong,
    rssMb: megabytes(rss),
  };
}

const faces = Number(flags.faces);
const memory = Number(flags.memory);
const results = {
  folder: faces > 0 ? await folderGallery(faces) : undefined,
  memory: memory > 0 ? await memorySearch(memory) : undefined,
};
const ms = (value: number) => (value < 100 ? `${value.toFixed(1)} ms` : `${(value / 1000).toFixed(2)} s`);
if (flags.json) console.log(JSON.stringify(results, undefined, 2));
else {
  if (results.folder) {
    const { identifyMs, recall, ...one } = results.folder;
    console.log(`A gallery of ${one.faces} faces in a folder, searched by ${one.search}`);
    console.log(`  made in ${ms(one.makeMs)}, reopened in ${ms(one.reopenMs)}`);
    console.log(
      `  ${one.enrollPerSecond.toFixed(0)} faces a second enrolled, then the index in ${ms(one.indexMs)}`,
    );
    console.log(`  identify: p50 ${ms(identifyMs.p50)}, p99 ${ms(identifyMs.p99)}`);
    console.log(`  recall against exact: @1 ${recall.at1.toFixed(4)}, @10 ${recall.at10.toFixed(4)}`);
    console.log(`  two people forgotten in ${ms(one.forgetMs)}`);
    console.log(`  ${one.rssMb} MB of memory in this process, ${one.diskMb} MB on disk`);
  }
  if (results.memory) {
    const { searchMs, tenNearestMs, ...one } = results.memory;
    console.log(`${one.rows} encodings in memory, searched exactly`);
    console.log(`  loaded in ${ms(one.loadMs)}, ${one.rssMb} MB`);
    console.log(
      `  the nearest: p50 ${ms(searchMs.p50)}, p99 ${ms(searchMs.p99)}; ten: p50 ${ms(tenNearestMs.p50)}, p99 ${ms(tenNearestMs.p99)}`,
    );
    console.log(`  many probes together: ${ms(one.togetherMs)} each`);
    console.log(
      `  a plain scan of floats: ${ms(one.plainScanMs)}, ${one.ratio.toFixed(1)} times as long; ${one.wrong} answers differ`,
    );
  }
}
