import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { runDemo } from "../../src/cli/commands/demo-run.ts";

/** The pictures below a folder. */
async function picturesIn(folder: string): Promise<Buffer[]> {
  const names = await readdir(folder, { recursive: true });
  const pictures = names.filter((name) => /\.(jpg|png)$/.test(name));
  return Promise.all(pictures.map((name) => readFile(join(folder, name))));
}

it("fovea demo draws, trains, measures and shows, and says where everything lies", {
  timeout: 240_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), "fovea-demo-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const written: string[] = [];
  const writing = vi
    .spyOn(process.stdout, "write")
    .mockImplementation((text) => written.push(String(text)) > 0);
  onTestFinished(() => writing.mockRestore());
  const out = join(folder, "demo");
  await runDemo(
    { out, seed: 3, quiet: true, threads: 1, device: "cpu" },
    { training: 10, unseen: 4, shown: 2, trainingMs: 1_000, input: 64 },
  );
  const text = written.join("");
  expect(text).toMatch(/^class .*\n[\s\S]*\bcar\b/);
  for (const place of ["run/best.onnx", "run/report.html", "evaluation/report.html", "detections"]) {
    expect(text).toContain(join(out, place));
    await expect(stat(join(out, place))).resolves.toBeDefined();
  }
  const [learned, unseen] = await Promise.all(
    ["scenes", "new-scenes"].map((name) => picturesIn(join(out, name))),
  );
  expect([learned.length, unseen.length]).toEqual([10, 4]);
  // Nothing is measured on what was learned from.
  for (const picture of unseen) expect(learned.some((other) => other.equals(picture))).toBe(false);
  expect(await picturesIn(join(out, "detections"))).toHaveLength(2);
});

it("fovea demo leaves nothing behind where Ctrl-C ends its drawing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fovea-demo-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const demo = runDemo(
    { out: join(folder, "demo"), seed: 3, quiet: true, threads: 1, device: "cpu" },
    { training: 5, unseen: 2_000, shown: 2, trainingMs: 1_000, input: 64 },
  );
  const begun = async () => expect(await readdir(join(folder, "demo"))).toContain("scenes");
  await Promise.race([demo, vi.waitFor(begun, { timeout: 60_000, interval: 5 })]);
  process.emit("SIGINT");
  await expect(demo).rejects.toMatchObject({
    code: "interrupted",
    message: expect.stringContaining("run the command again"),
  });
  expect(await readdir(folder)).toEqual([]);
});
