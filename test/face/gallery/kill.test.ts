import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { Random } from "../../../src/core/index.ts";
import { Gallery } from "../../../src/face/gallery/index.ts";
import { FACES, INDEX_FROM, manyPeople, PEOPLE } from "./many-people.ts";
import { emptyGallery } from "./new-gallery.ts";
import { encoder } from "./people-of-tests.ts";

const script = fileURLToPath(new URL("./enroll-many.ts", import.meta.url));

it("survives kill -9 while many are enrolled: whole people or none, and goes on", async () => {
  const folder = await emptyGallery();
  const random = new Random(1);
  const told = new Set<string>();
  for (let round = 0; round < 2; round++) {
    await enrollUntil(folder, told, { people: 10 + random.integer(30), thenMs: random.integer(12) });
    const gallery = await Gallery.open(folder, { encoder, indexFrom: INDEX_FROM });
    const people = await gallery.people();
    const { faces } = await gallery.stats();
    await gallery.close();
    expect(people.map(({ faces }) => faces)).toEqual(people.map(() => FACES));
    expect(faces).toBe(people.length * FACES);
    expect(people.length).toBeLessThan(PEOPLE);
    // What was said to be written is there.
    const names = new Set(people.map(({ name }) => name));
    expect([...told].filter((name) => !names.has(name))).toEqual([]);
  }
  await enrollUntil(folder, told, { people: Number.POSITIVE_INFINITY, thenMs: 0 });
  const gallery = await Gallery.open(folder, { encoder, indexFrom: INDEX_FROM });
  expect(await gallery.stats()).toMatchObject({ people: PEOPLE, faces: PEOPLE * FACES, search: "hnsw" });
  const everyone = [...manyPeople()];
  const found = await gallery.identify(everyone.map(({ faces }) => faces[1].encoding));
  expect(found.map(({ matches }) => matches[0].name)).toEqual(everyone.map(({ name }) => name));
  expect(found.map(({ matches }) => matches[0].distance)).toEqual(everyone.map(() => 0));
  await gallery.close();
}, 120_000);

/** Starts a process that enrolls, and kills it a moment after it has told of so many more people. */
async function enrollUntil(
  folder: string,
  told: Set<string>,
  { people, thenMs }: { people: number; thenMs: number },
): Promise<void> {
  const child = spawn(process.execPath, ["--import", "tsx", script, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const enough = told.size + people;
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith("Person")) told.add(line);
    if (told.size >= enough && !child.killed) setTimeout(() => child.kill("SIGKILL"), thenMs);
  }
  const [code, signal] = await ended;
  if (Number.isFinite(people)) expect(signal).toBe("SIGKILL");
  else expect(code).toBe(0);
}
