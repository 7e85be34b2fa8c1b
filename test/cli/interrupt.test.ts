import { afterEach, expect, it, vi } from "vitest";
import { listenForInterrupt } from "../../src/cli/interrupt.ts";

afterEach(() => vi.restoreAllMocks());

it("aborts at the first Ctrl-C and ends the process at the second", () => {
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const onFirst = vi.fn();
  const interrupt = listenForInterrupt(onFirst);
  try {
    expect(interrupt.signal.aborted).toBe(false);
    process.emit("SIGINT");
    expect(interrupt.signal.aborted).toBe(true);
    expect(onFirst).toHaveBeenCalledOnce();
    expect(exit).not.toHaveBeenCalled();
    process.emit("SIGINT");
    expect(exit).toHaveBeenCalledExactlyOnceWith(130);
  } finally {
    interrupt.dispose();
  }
});

it("leaves Ctrl-C to the process when disposed", () => {
  const before = process.listenerCount("SIGINT");
  const interrupt = listenForInterrupt(() => {});
  expect(process.listenerCount("SIGINT")).toBe(before + 1);
  interrupt.dispose();
  expect(process.listenerCount("SIGINT")).toBe(before);
});
