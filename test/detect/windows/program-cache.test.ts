import { describe, expect, it } from "vitest";
import { ProgramCache } from "../../../src/detect/windows/program-cache.ts";
import type { Program } from "../../../src/runtime/index.ts";

/** Programs that note what is done with them. */
function fakes() {
  const [compiled, released]: [string[], string[]] = [[], []];
  const compile = (key: string) => async () => {
    compiled.push(key);
    await pause();
    return { release: async () => void released.push(key) } as unknown as Program;
  };
  return { compiled, released, compile };
}

const pause = () => new Promise<void>((done) => setTimeout(done, 1));

describe("ProgramCache", () => {
  it("compiles once for all who ask, and lets one work at a time", async () => {
    const { compiled, released, compile } = fakes();
    const cache = new ProgramCache(2);
    let working = 0;
    const work = async () => {
      expect(++working).toBe(1);
      await pause();
      working--;
    };
    await Promise.all([1, 2, 3].map(() => cache.use("a", compile("a"), work)));
    await cache.use("a", compile("a"), work);
    expect([compiled, released]).toEqual([["a"], []]);
    await cache.close();
    expect(released).toEqual(["a"]);
  });

  it("releases what is longest unused, and nothing that is in use", async () => {
    const { compiled, released, compile } = fakes();
    const cache = new ProgramCache(2);
    const keys = ["a", "b", "c", "d"];
    const work = async () => {
      expect(released).toEqual([]);
      await pause();
      await pause();
    };
    await Promise.all(keys.map((key) => cache.use(key, compile(key), work)));
    expect([...released].sort()).toEqual(["a", "b"]);
    await cache.use("c", compile("c"), async () => {});
    await cache.use("e", compile("e"), async () => {});
    expect(released.at(-1)).toBe("d");
    expect(compiled).toEqual([...keys, "e"]);
    await cache.close();
    expect([...released].sort()).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("tells everybody who waits of a failure, and tries again", async () => {
    const { released, compile } = fakes();
    const cache = new ProgramCache(2);
    const fail = async () => {
      await pause();
      throw new Error("no memory");
    };
    const asked = [1, 2].map(() => cache.use("a", fail, async () => 1));
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await cache.use("a", compile("a"), async () => 2)).toBe(2);
    await cache.close();
    expect(released).toEqual(["a"]);
  });

  it("closed, releases what is in use after its last use", async () => {
    const { released, compile } = fakes();
    const cache = new ProgramCache(2);
    const use = cache.use("a", compile("a"), async () => {
      await pause();
      expect(released).toEqual([]);
    });
    await cache.close();
    await use;
    expect(released).toEqual(["a"]);
  });
});
