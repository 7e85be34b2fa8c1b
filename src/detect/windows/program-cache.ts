import type { Program } from "../../runtime/index.ts";

interface Entry {
  program: Promise<Program>;
  /** Uses that wait or are under way. */
  users: number;
  /** Settles when the last of them is done. */
  turn: Promise<unknown>;
}

/** Compiled programs by key. Beyond a number the longest unused ones are released, but none that is in use. */
export class ProgramCache {
  readonly #most: number;
  /** The longest unused first. */
  readonly #entries = new Map<string, Entry>();

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Uses a key's program, which is compiled once however many ask for it, and after a failure again. Uses of one program wait
   * for each other: its results hold until it runs again.
   */
  async use<Result>(
    key: string,
    compile: () => Promise<Program>,
    work: (program: Program) => Promise<Result>,
  ): Promise<Result> {
    const entry = this.#entries.get(key) ?? { program: compile(), users: 0, turn: Promise.resolve() };
    this.#entries.delete(key); // and comes last
    this.#entries.set(key, entry);
    entry.users++;
    const result = entry.turn.then(async () => {
      const program = await entry.program.catch((error: unknown) => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
        throw error;
      });
      return work(program);
    });
    entry.turn = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      entry.users--;
      const isKept = this.#entries.get(key) === entry;
      if (!isKept && entry.users === 0) await release(entry); // closed meanwhile
      await this.#shrink();
    }
  }

  /** Releases all programs; one that is in use, after the last use. */
  async close(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.filter(({ users }) => users === 0).map(release));
  }

  async #shrink(): Promise<void> {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= this.#most) return;
      if (entry.users > 0) continue;
      this.#entries.delete(key);
      await release(entry);
    }
  }
}

async function release({ program }: Entry): Promise<void> {
  const compiled = await program.catch(() => undefined); // who asked for it was told
  await compiled?.release();
}
