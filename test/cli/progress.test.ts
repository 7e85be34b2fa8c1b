import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { withProgress } from "../../src/cli/load-data.ts";
import { note } from "../../src/cli/output.ts";
import { createProgress, type ProgressOptions } from "../../src/cli/progress.ts";

/** A progress whose clock is set by hand and whose output is kept. */
function watch(options: Partial<ProgressOptions> & { isTTY: boolean; columns?: number }) {
  const written: string[] = [];
  let time = 0;
  const stream = {
    write: (text: string) => written.push(text),
    isTTY: options.isTTY,
    columns: options.columns,
  };
  const progress = createProgress({ label: "Reading", total: 100, ...options, stream, now: () => time });
  return { progress, written, at: (milliseconds: number) => (time = milliseconds) };
}

beforeEach(() => vi.stubEnv("TERM", "xterm"));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("progress in a log", () => {
  it("writes a line after two seconds and then every ten", () => {
    const { progress, written, at } = watch({ isTTY: false });
    for (let second = 1; second <= 25; second++) {
      at(second * 1_000);
      progress.update(second);
    }
    expect(written).toEqual([
      "Reading   2%, 1 min 38 s left\n",
      "Reading  12%, 1 min 28 s left\n",
      "Reading  22%, 1 min 18 s left\n",
    ]);
  });

  it("is silent about work that is over at once, but for its last word", () => {
    const { progress, written, at } = watch({ isTTY: false });
    at(900);
    progress.update(100);
    progress.done("Read 100 pictures.");
    expect(written).toEqual(["Read 100 pictures.\n"]);
  });

  it("estimates from the work of this run, not of the one that is resumed", () => {
    const { progress, written, at } = watch({ isTTY: false, from: 50 });
    at(10_000);
    progress.update(60, "loss 1.2");
    expect(written).toEqual(["Reading  60%, 40 s left · loss 1.2\n"]);
  });

  it("has no estimate before anything is done", () => {
    const { progress, written, at } = watch({ isTTY: false });
    at(5_000);
    progress.update(0);
    expect(written).toEqual(["Reading   0%\n"]);
  });
});

describe("progress on a terminal", () => {
  it("rewrites one line with a bar and erases it at the end", () => {
    const { progress, written, at } = watch({ isTTY: true });
    at(1_000);
    progress.update(25, "a.jpg");
    at(1_050);
    progress.update(26, "too soon to show");
    at(2_000);
    progress.update(50);
    progress.done();
    expect(written).toEqual([
      `\r\u001b[KReading ${"█".repeat(6)}${"░".repeat(18)}  25%, 3.0 s left · a.jpg`,
      `\r\u001b[KReading ${"█".repeat(12)}${"░".repeat(12)}  50%, 2.0 s left`,
      "\r\u001b[K",
    ]);
  });

  it("never wraps", () => {
    const { progress, written, at } = watch({ isTTY: true, columns: 30 });
    at(1_000);
    progress.update(25, "a-very-long-name.jpg");
    expect(written[0].replace("\r\u001b[K", "")).toHaveLength(29);
  });

  it("makes room for what is said beside it, and is drawn anew", () => {
    const { progress, written, at } = watch({ isTTY: true });
    const said = vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(`${text}`) > 0);
    at(1_000);
    progress.update(25);
    note("not said", { quiet: true });
    note("a.jpg: skipped", {});
    note("b.jpg: skipped", {});
    at(2_000);
    progress.update(50);
    progress.done();
    note("Done.", {});
    expect(said).toHaveBeenCalledTimes(3);
    expect(written.map((text) => (text.includes("█") ? "bar" : text))).toEqual([
      "bar",
      "\r\u001b[K",
      "a.jpg: skipped\n",
      "b.jpg: skipped\n",
      "bar",
      "\r\u001b[K",
      "Done.\n",
    ]);
  });

  it("is erased where the work fails", async () => {
    vi.useFakeTimers();
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const { isTTY } = process.stderr;
    process.stderr.isTTY = true;
    const failing = withProgress({}, async ({ onProgress }) => {
      vi.advanceTimersByTime(1_000);
      onProgress!(1, 2);
      throw new Error("unreadable");
    });
    await expect(failing).rejects.toThrow("unreadable");
    process.stderr.isTTY = isTTY;
    expect(said).toHaveBeenCalledTimes(2);
    expect(said).toHaveBeenLastCalledWith("\r\u001b[K");
  });

  it("writes lines to a dumb terminal", () => {
    vi.stubEnv("TERM", "dumb");
    const { progress, written, at } = watch({ isTTY: true });
    at(4_000);
    progress.update(50);
    expect(written).toEqual(["Reading  50%, 4.0 s left\n"]);
  });
});

it("says nothing when quiet", () => {
  const { progress, written, at } = watch({ isTTY: true, quiet: true });
  at(60_000);
  progress.update(50);
  progress.done("Done.");
  expect(written).toEqual([]);
});
