import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { encoderOfExport, Gallery, type GalleryOptions } from "../../../src/face/gallery/index.ts";
import { encodingDistance } from "../../../src/face/index.ts";
import { ClusteredEncodings } from "./clustered-encodings.ts";
import { temporaryFolder } from "./new-gallery.ts";
import { digestOf, encoder, facesOf, key } from "./people-of-tests.ts";

/** Where galleries of a contract lie. */
export interface Place {
  source: string;
  close?(): Promise<void>;
}

/** What holds of every gallery, wherever it lies and however it is searched. The tests share one, emptied each time. */
export function galleryContract(title: string, options: GalleryOptions, place: () => Promise<Place>): void {
  const inMemory = options.encrypt || options.search === "memory";
  describe(title, () => {
    const make = new ClusteredEncodings(11);
    let at: Place;
    let gallery: Gallery;
    const open = (others: GalleryOptions = {}) => Gallery.open(at.source, { encoder, ...options, ...others });
    beforeAll(async () => {
      at = await place();
      gallery = await open({ create: true });
    }, 120_000);
    afterEach(async () => {
      const names = (await gallery.people()).map(({ name }) => name);
      if (names.length > 0) await gallery.forget(names);
    }, 60_000);
    afterAll(async () => {
      await gallery.close();
      await at.close?.();
    });

    it("knows who was enrolled, from one picture or several", async () => {
      const [ada, bob, eve] = [make.person(), make.person(), make.person()];
      const [known] = [ada()];
      expect(await gallery.enroll({ name: "Ada", faces: facesOf([known, ada()], "ada") })).toEqual({
        name: "Ada",
        isNew: true,
        added: 2,
        known: 0,
      });
      await gallery.enroll({ name: "Bob", faces: facesOf([bob()], "bob") });
      await gallery.enroll({ name: "Eve", faces: facesOf([eve()], "eve") });
      const probe = ada();
      const { matches, compared } = await gallery.identify(probe, { top: 2 });
      expect(compared).toBe(4);
      expect(matches).toHaveLength(2);
      expect(matches[0].name).toBe("Ada");
      expect(matches[0].picture.source).toMatch(/^ada\/[01].jpg$/);
      expect(matches[0].distance).toBeLessThan(0.6);
      expect(matches[1].distance).toBeGreaterThan(0.6);
      const [itself] = (await gallery.identify(known)).matches;
      expect(itself).toMatchObject({
        name: "Ada",
        distance: 0,
        picture: { digest: digestOf("ada 0"), source: "ada/0.jpg" },
      });
    });

    it("finds each person once, by the nearest face, as comparing with all does", async () => {
      const people = Array.from({ length: 30 }, (_, i) => ({ name: `Person ${i}`, next: make.person() }));
      const enrollments = people.map(({ name, next }, i) => ({
        name,
        faces: facesOf(Array.from({ length: 1 + (i % 9) * 3 }, next), name),
      }));
      await gallery.enrollAll(enrollments);
      const probes = people.slice(0, 9).map(({ next }) => next());
      for (const top of [1, 3, 30, 99]) {
        const found = await gallery.identify(probes, { top });
        for (const [i, probe] of probes.entries()) {
          const expected = enrollments
            .map(({ name, faces }) => ({
              name,
              distance: Math.min(...faces.map(({ encoding }) => encodingDistance(encoding, probe))),
            }))
            .sort((a, b) => a.distance - b.distance)
            .slice(0, top);
          expect(found[i].matches.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
          for (const [k, { distance }] of found[i].matches.entries()) {
            expect(distance).toBeCloseTo(expected[k].distance, 5);
          }
        }
      }
    });

    it("says that nobody is near in an empty gallery", async () => {
      expect((await gallery.identify(make.person()())).matches).toEqual([]);
      expect(await gallery.identify([])).toEqual([]);
      expect(await gallery.people()).toEqual([]);
      expect(await gallery.stats()).toMatchObject({ people: 0, faces: 0, encoder });
    });

    it("adds a face of a picture once, and tells faces of one picture apart by their boxes", async () => {
      const ada = make.person();
      const picture = { digest: digestOf("group"), source: "group.jpg" };
      const face = { encoding: ada(), picture, box: [10.2, 20, 30, 40] as const };
      const other = { encoding: ada(), picture, box: [110, 20, 130, 40] as const };
      expect(await gallery.hasPicture(picture.digest, "Ada")).toBe(false);
      await gallery.enroll({ name: "Ada", faces: [face] });
      expect(await gallery.hasPicture(picture.digest, "Ada")).toBe(true);
      expect(await gallery.hasPicture(picture.digest, "Bob")).toBe(false);
      // Found again, a box may differ in the last digits.
      const again = { ...face, box: [10.1999, 20.0001, 30, 40] as const };
      expect(await gallery.enroll({ name: "Ada", faces: [again, other, other] })).toMatchObject({
        isNew: false,
        added: 1,
        known: 2,
      });
      expect(await gallery.enroll({ name: "Bob", faces: [face] })).toMatchObject({ isNew: true, added: 1 });
      expect((await gallery.people()).map(({ name, faces }) => [name, faces])).toEqual([
        ["Ada", 2],
        ["Bob", 1],
      ]);
    });

    it("remembers when and what", async () => {
      const before = Date.now();
      const faces = facesOf([make.person()()], "ada");
      await gallery.enroll({ name: "Ada", faces, metadata: { role: "guest", since: 1815 } });
      await gallery.enroll({ name: "Ada", faces, metadata: { role: "owner", tags: ["a", null] } });
      const [ada] = await gallery.people();
      expect(ada.metadata).toEqual({ role: "owner", since: 1815, tags: ["a", null] });
      expect(Math.abs(ada.enrolledAt.getTime() - before)).toBeLessThan(60_000);
    });

    it("keeps names as they are", async () => {
      const names = [
        "Ada O'Neill; DROP TABLE fovea_faces",
        "Zoë 王小明 👩‍🚀",
        "{1,2}",
        'a "quoted" \\ name',
        "NULL",
      ];
      for (const name of names) {
        const ada = make.person();
        await gallery.enroll({ name, faces: facesOf([ada()], "ada") });
        expect((await gallery.identify(ada())).matches[0].name).toBe(name);
        expect(await gallery.hasPicture(digestOf("ada 0"), name)).toBe(true);
      }
      expect(new Set((await gallery.people()).map(({ name }) => name))).toEqual(new Set(names));
      expect(await gallery.forget(names)).toEqual({ faces: names.length });
    });

    it("takes a name for the same however its accents are written", async () => {
      const ada = make.person();
      await gallery.enroll({ name: "Zoe\u0308 ", faces: facesOf([ada()], "one") });
      await gallery.enroll({ name: "Zoë", faces: facesOf([ada()], "two") });
      expect((await gallery.people()).map(({ name, faces }) => [name, faces])).toEqual([["Zoë", 2]]);
    });

    it("makes one person of a name that is enrolled at the same time", async () => {
      const ada = make.person();
      const enrolled = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          gallery.enroll({ name: i % 2 ? "Ada" : "Bob", faces: facesOf([ada(), ada()], `${i % 4}`) }),
        ),
      );
      expect(enrolled.filter(({ isNew }) => isNew)).toHaveLength(2);
      expect(enrolled.reduce((sum, { added }) => sum + added, 0)).toBe(8);
      expect(await gallery.stats()).toMatchObject({ people: 2, faces: 8 });
      expect((await gallery.people()).map(({ faces }) => faces)).toEqual([4, 4]);
    });

    it("enrolls many people, each name's last faces too, and only once", async () => {
      const people = Array.from({ length: 25 }, (_, i) => ({
        name: `Person ${i % 20}`,
        faces: facesOf([make.person()()], `picture ${i}`),
      }));
      const names: string[] = [];
      const onEnrolled = ({ name }: { name: string }) => names.push(name);
      expect(await gallery.enrollAll(people, { batch: 8, onEnrolled })).toEqual({
        people: 25,
        added: 25,
        known: 0,
      });
      expect(names).toEqual(people.map(({ name }) => name));
      async function* later() {
        yield* people;
      }
      expect(await gallery.enrollAll(later())).toEqual({ people: 25, added: 0, known: 25 });
      expect(await gallery.stats()).toMatchObject({ people: 20, faces: 25 });
    });

    it("forgets all of those who are named, or nobody", async () => {
      const [ada, bob, eve] = [make.person(), make.person(), make.person()];
      await gallery.enroll({ name: "Ada", faces: facesOf([ada(), ada()], "ada") });
      await gallery.enroll({ name: "Bob", faces: facesOf([bob()], "bob") });
      await gallery.enroll({ name: "Eve", faces: facesOf([eve()], "eve") });
      await expect(gallery.forget(["Ada", "Nobody"])).rejects.toMatchObject({
        code: "person-unknown",
        message: expect.stringContaining('"Nobody"'),
      });
      expect((await gallery.identify(ada())).matches[0].name).toBe("Ada");
      expect(await gallery.forget(["Ada", "Bob", "Ada"])).toEqual({ faces: 3 });
      for (const probe of [ada(), bob(), eve()]) {
        const { matches } = await gallery.identify(probe, { top: 5 });
        expect(matches.map(({ name }) => name)).toEqual(["Eve"]);
      }
      expect(await gallery.enroll({ name: "Ada", faces: facesOf([ada()], "ada") })).toMatchObject({
        isNew: true,
      });
    });

    it("changes nothing where one of several faces is bad", async () => {
      const good = facesOf([make.person()()], "ada");
      const bad = [
        { encoding: new Float32Array(127), picture: { digest: digestOf("x") } },
        { encoding: new Float32Array(128).fill(Number.NaN), picture: { digest: digestOf("x") } },
        { ...good[0], picture: { digest: "abc" } },
        { ...good[0], picture: { digest: digestOf("x"), source: "nul\0" } },
        { ...good[0], box: [1, 2, 3, Number.NaN] as const },
      ];
      for (const face of bad) {
        await expect(gallery.enroll({ name: "Ada", faces: [...good, face] })).rejects.toMatchObject({
          code: expect.stringMatching(/^(encoding|enrollment)-invalid$/),
        });
      }
      await expect(gallery.enroll({ name: "Ada", faces: [] })).rejects.toMatchObject({
        code: "enrollment-invalid",
      });
      for (const name of ["", "  ", "two\nlines", "x".repeat(301), "\ud800"]) {
        await expect(gallery.enroll({ name, faces: good })).rejects.toMatchObject({ code: "name-invalid" });
      }
      await expect(gallery.identify(new Float32Array(3))).rejects.toMatchObject({ code: "encoding-invalid" });
      expect(await gallery.stats()).toMatchObject({ people: 0, faces: 0 });
    });

    it("travels in a file: written, forgotten, read again", async () => {
      const folder = await temporaryFolder();
      const file = join(folder, "people.jsonl");
      const people = Array.from({ length: 7 }, (_, i) => ({ name: `Person ${i}`, next: make.person() }));
      await gallery.enrollAll(
        people.map(({ name, next }, i) => ({
          name,
          metadata: { number: i },
          faces: facesOf([next(), next()], name).map((face) => ({
            ...face,
            box: [i, 0, 9.5, 9] as const,
            quality: { sharp: 0.5 },
          })),
        })),
      );
      const [before, probes] = [await gallery.people(), people.map(({ next }) => next())];
      const found = await gallery.identify(probes, { top: 2 });
      expect(await gallery.exportTo(file)).toEqual({ people: 7, faces: 14, isSealed: gallery.isEncrypted });
      expect(await encoderOfExport(file)).toEqual(encoder);
      const text = await readFile(file, "utf8");
      expect(text.trimEnd().split("\n")).toHaveLength(8);
      await gallery.forget(people.slice(1).map(({ name }) => name));
      expect(await gallery.importFrom(file)).toEqual({ people: 7, added: 12, known: 2 });
      expect(await gallery.importFrom(file)).toEqual({ people: 7, added: 0, known: 14 });
      expect(await gallery.people()).toEqual(before);
      const strip = (identifications: typeof found) =>
        identifications.map(({ matches }) =>
          matches.map(({ name, distance, picture }) => ({ name, distance, picture })),
        );
      expect(strip(await gallery.identify(probes, { top: 2 }))).toEqual(strip(found));

      const cut = join(folder, "cut.jsonl");
      await writeFile(cut, `${text.split("\n").slice(0, 4).join("\n")}\n`);
      await expect(gallery.importFrom(cut)).rejects.toMatchObject({ code: "gallery-file-truncated" });
      await writeFile(cut, text.slice(0, text.length - 40));
      await expect(gallery.importFrom(cut)).rejects.toMatchObject({ code: "gallery-file-unreadable" });
    });

    it("is opened again as it was, for the same encoder only", async () => {
      const ada = make.person();
      await gallery.enroll({ name: "Ada", faces: facesOf([ada()], "ada") });
      await gallery.close();
      await expect(gallery.people()).rejects.toMatchObject({ code: "gallery-closed" });
      const other = { name: "other-encoder", digest: "f".repeat(64), size: 128, mirror: true };
      await expect(open({ encoder: other })).rejects.toMatchObject({
        code: "gallery-other-model",
        message: expect.stringMatching(/`test-encoder`.*`other-encoder`/),
      });
      await expect(open({ encoder: { ...encoder, mirror: false } })).rejects.toMatchObject({
        code: "gallery-other-model",
        message: expect.stringMatching(/encoded with their mirror images.*leave out --no-mirror/),
      });
      gallery = await open({ encoder: undefined });
      expect(gallery.encoder).toEqual(encoder);
      expect((await gallery.people()).map(({ name }) => name)).toEqual(["Ada"]);
      const faces = facesOf([make.person()()], "bob");
      await expect(gallery.identify(faces[0].encoding)).rejects.toMatchObject({
        code: "gallery-encoder-missing",
      });
      await expect(gallery.enroll({ name: "Bob", faces })).rejects.toMatchObject({
        code: "gallery-encoder-missing",
      });
      await gallery.close();
      gallery = await open();
      expect((await gallery.identify(ada())).matches[0].name).toBe("Ada");
    });

    if (inMemory) return;
    it("is searched through an index where it is large, and says so", async () => {
      const people = Array.from({ length: 200 }, (_, i) => ({ name: `Person ${i}`, next: make.person() }));
      await gallery.close();
      gallery = await open({ indexFrom: 300 });
      const some = (from: number, to: number) =>
        people.slice(from, to).map(({ name, next }) => ({ name, faces: facesOf([next(), next()], name) }));
      await gallery.enrollAll(some(0, 100));
      expect(await gallery.stats()).toMatchObject({ search: "exact" });
      await gallery.enrollAll(some(100, 200));
      expect(await gallery.stats()).toMatchObject({ search: "hnsw" });
      const found = await gallery.identify(people.map(({ next }) => next()));
      expect(new Set(found.map(({ search }) => search))).toEqual(new Set(["hnsw"]));
      expect(found.map(({ matches }) => matches[0].name)).toEqual(people.map(({ name }) => name));
      expect((await gallery.identify(people[0].next(), { top: 200 })).matches).toHaveLength(200);
      await gallery.forget(people.slice(0, 30).map(({ name }) => name));
      expect(await gallery.stats()).toMatchObject({ search: "hnsw", faces: 340 });
      const rest = await gallery.identify(people.slice(30).map(({ next }) => next()));
      expect(rest.map(({ matches }) => matches[0].name)).toEqual(people.slice(30).map(({ name }) => name));
      await gallery.forget(people.slice(30, 130).map(({ name }) => name));
      expect(await gallery.stats()).toMatchObject({ search: "exact", faces: 140 });
      await gallery.close();
      gallery = await open();
    });
  });
}

/** How the contract's galleries are searched. */
export const variants: Record<string, GalleryOptions> = {
  "in the database": {},
  "in memory": { search: "memory" },
  encrypted: { key, encrypt: true },
};
