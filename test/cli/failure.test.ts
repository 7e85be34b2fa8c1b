import { describe, expect, it } from "vitest";
import { describeFailure, INTERRUPTED } from "../../src/cli/failure.ts";
import { FoveaError } from "../../src/core/index.ts";

function systemError(code: string, path?: string): Error {
  return Object.assign(new Error(`${code}: raw message of Node`), { code, path });
}

describe("describeFailure", () => {
  it("passes the sentence of a FoveaError on", () => {
    const thrown = new FoveaError("image-unreadable", "a.jpg is not a picture.");
    expect(describeFailure(thrown, { stack: false })).toEqual({
      exitCode: 1,
      text: "fovea: a.jpg is not a picture.\n",
    });
  });

  it("ends with 130 after Ctrl-C", () => {
    expect(describeFailure(new FoveaError(INTERRUPTED, "Stopped."), { stack: false }).exitCode).toBe(130);
  });

  it.each([
    [
      "ENOSPC",
      "/data/out.png",
      "fovea: No space is left on the disk for /data/out.png; free some and run the command again.\n",
    ],
    ["ENOSPC", undefined, "fovea: No space is left on the disk; free some and run the command again.\n"],
    ["EACCES", "/srv/x", "fovea: Permission denied for /srv/x; check its owner and mode.\n"],
    ["EROFS", "/cd/x", "fovea: The file system of /cd/x is read-only; choose another place with --out.\n"],
    [
      "EMFILE",
      "/a/b",
      "fovea: Too many files are open to open /a/b; raise the limit (ulimit -n) and run the command again.\n",
    ],
    ["ENOENT", "/a/b", "fovea: /a/b does not exist.\n"],
    ["EISDIR", "/a/b", "fovea: /a/b is a folder, a file was expected.\n"],
  ])("puts %s of %s into words", (code, path, text) => {
    expect(describeFailure(systemError(code, path), { stack: false })).toEqual({ exitCode: 1, text });
  });

  it("takes no connection that breaks during the work for a success", () => {
    const { exitCode, text } = describeFailure(systemError("EPIPE"), { stack: false });
    expect(exitCode).toBe(70);
    expect(text).toMatch(/^fovea: Unexpected error: EPIPE: /);
  });

  it("keeps a fault of the program to one line, with the way to its stack", () => {
    const { exitCode, text } = describeFailure(new TypeError("x is\nundefined."), { stack: false });
    expect(exitCode).toBe(70);
    expect(text).toBe("fovea: Unexpected error: x is undefined; FOVEA_DEBUG=1 shows where it came from.\n");
  });

  it("shows the stack with its causes on request", () => {
    const cause = new RangeError("the first cause");
    const { text } = describeFailure(new FoveaError("x", "It failed.", { cause }), { stack: true });
    expect(text).toMatch(
      /^fovea: It failed\.\nFoveaError: It failed\.\n {4}at .*\nCaused by: RangeError: the first cause\n {4}at /s,
    );
  });

  it("says one sentence for each of several errors", () => {
    const thrown = new AggregateError([
      new FoveaError("a", "The first."),
      new FoveaError("b", "The second."),
    ]);
    expect(describeFailure(thrown, { stack: false })).toEqual({
      exitCode: 1,
      text: "fovea: The first.\nfovea: The second.\n",
    });
  });

  it("survives what is not an Error", () => {
    expect(describeFailure("out of luck", { stack: true })).toEqual({
      exitCode: 70,
      text: "fovea: Unexpected error: out of luck; FOVEA_DEBUG=1 shows where it came from.\n",
    });
  });
});
