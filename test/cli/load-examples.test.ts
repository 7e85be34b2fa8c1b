import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  loadExamples,
  problemLine,
  requireReadableClasses,
  unreadLines,
} from "../../src/cli/load-examples.ts";
import type { ProgressOptions } from "../../src/cli/progress.ts";

const shown: string[] = [];
vi.mock("../../src/cli/progress.ts", async (original) => ({
  ...(await original<typeof import("../../src/cli/progress.ts")>()),
  createProgress: ({ label, quiet }: ProgressOptions) => ({
    update: (done: number, text: string) => quiet || shown.push(`${label} ${done}: ${text}`),
    done: () => {},
  }),
}));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-examples-"));
  for (const path of ["cat/1.png", "dog/1.png"]) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), "the same");
  }
});
afterAll(() => rm(folder, { recursive: true }));

test("tells how far pictures are compared, and of what is kept that it is wrong, no more", async () => {
  const said: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const dataset = await loadExamples(folder, { seed: 3, valFraction: 0 });
  expect(dataset.splits.train).toHaveLength(2);
  expect(said.join("")).toMatch(
    /: 1 problem, for example .*dog\/1\.png: .* kept, but both labels cannot be right\. \(listed by: fovea data check /,
  );
  expect(shown.at(-1)).toBe("Reading 1: 2 of 2 pictures");
  shown.length = 0;
  await loadExamples(folder, { seed: 3, quiet: true });
  expect(shown).toEqual([]);
});

test("refuses to learn a class of which no picture can be read", async () => {
  const dataset = await loadExamples(folder, { seed: 3, valFraction: 0, quiet: true });
  await expect(requireReadableClasses(dataset, "pets", {})).rejects.toMatchObject({
    code: "dataset-unreadable",
    message: expect.stringMatching(
      /^pets: The one picture of class `(cat|dog)` in train cannot be read \(`...\/1\.png`\)/,
    ),
  });
});

test("names a file once, and the classes that figures leave out", () => {
  const kind = "picture-unreadable";
  expect(problemLine({ kind, file: "/a/1.png", detail: "It is empty." })).toBe("/a/1.png: It is empty.");
  expect(problemLine({ kind, file: "/a/1.png", detail: "Picture `/a/1.png` is empty." })).toBe(
    "/a/1.png: It is empty.",
  );
  const examples = [0, 0, 1, 1].map((classIndex) => ({ classIndex }));
  const counted = (...counts: number[]) => counts.map((count, i) => ({ name: "abc"[i], count }));
  expect(unreadLines(counted(2, 2, 0), examples, "pictures")).toEqual([]);
  expect(unreadLines(counted(2, 1, 0), examples, "pictures")).toEqual([
    "1 of 4 pictures could not be read and are left out",
  ]);
  expect(unreadLines(counted(2, 0, 0), examples, "pictures")).toEqual([
    '2 of 4 pictures could not be read and are left out; the figures say nothing of "b"',
  ]);
});
