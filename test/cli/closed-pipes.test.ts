import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { outliveReaders } from "../../src/cli/closed-pipes.ts";

const closed = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });

function streams() {
  const [stdout, stderr] = [new EventEmitter(), new EventEmitter()];
  return { stdout, stderr, endWith: outliveReaders(stdout, stderr) };
}

it("goes on without a reader of stderr, and ends as it would have", () => {
  const { stderr, endWith } = streams();
  stderr.emit("error", closed);
  expect([0, 1].map(endWith)).toEqual([0, 1]);
});

it("goes on without a reader of stdout, and says at the end what shells expect, unless there is worse to say", () => {
  const { stdout, endWith } = streams();
  expect(endWith(0)).toBe(0);
  stdout.emit("error", closed);
  expect([0, 1, 130].map(endWith)).toEqual([141, 1, 130]);
});

it("does not keep silent where results cannot be written for another reason", () => {
  const full = Object.assign(new Error("write ENOSPC"), { code: "ENOSPC" });
  expect(() => streams().stdout.emit("error", full)).toThrow(full);
});
