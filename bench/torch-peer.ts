import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

/** Memory layouts of PyTorch's tensors. */
export const torchFormats = ["contiguous", "channels_last"] as const;
export type TorchFormat = (typeof torchFormats)[number];

const python = process.env.PYTHON ?? "/usr/bin/python3";

/** Why PyTorch cannot be the peer here; undefined where it can. */
export function torchMissing(): string | undefined {
  const { status, error } = spawnSync(python, ["-c", "import torch"], { stdio: "ignore" });
  if (status === 0) return undefined;
  const reason = error ? `${python} does not start` : `${python} has no module torch`;
  return `${reason}: install it (apt-get install python3-torch libopenblas0-pthread) or name a Python that has it in the variable PYTHON.`;
}

/** PyTorch in a process of its own, which stays warm and computes only while it is asked. */
export class TorchPeer {
  readonly version: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Interface;
  readonly #answers: AsyncIterator<string>;
  readonly #folder: string;

  private constructor(
    version: string,
    child: ChildProcessByStdio<Writable, Readable, null>,
    lines: Interface,
    answers: AsyncIterator<string>,
    folder: string,
  ) {
    this.version = version;
    this.#child = child;
    this.#lines = lines;
    this.#answers = answers;
    this.#folder = folder;
  }

  /**
   * Starts a script of `tools/pytorch`, which gets the path of a JSON file and the number of threads, answers with
   * its version, and from then on each line with one of JSON.
   */
  static async start(scriptName: string, json: string, threads: number): Promise<TorchPeer> {
    const script = fileURLToPath(new URL(`../tools/pytorch/${scriptName}`, import.meta.url));
    const folder = await mkdtemp(join(tmpdir(), "fovea-bench-"));
    const path = join(folder, "case.json");
    await writeFile(path, json);
    // OpenBLAS keeps threads of its own, which wait actively even where PyTorch is told to use one.
    const env = { ...process.env, OMP_NUM_THREADS: `${threads}`, OPENBLAS_NUM_THREADS: `${threads}` };
    const child = spawn(python, [script, path, `${threads}`], { env, stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout });
    const answers = lines[Symbol.asyncIterator]();
    const { version } = await nextAnswer<{ version: string }>(answers);
    return new TorchPeer(version, child, lines, answers, folder);
  }

  /** Sends a line; resolves with the answer to it. */
  ask<T>(line: string): Promise<T> {
    this.#child.stdin.write(`${line}\n`);
    return nextAnswer(this.#answers);
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    this.#lines.close();
    await rm(this.#folder, { recursive: true });
  }
}

async function nextAnswer<T>(answers: AsyncIterator<string>): Promise<T> {
  const { done, value } = await answers.next();
  if (done) throw new Error("PyTorch's process ended without an answer; its message stands above.");
  return JSON.parse(value);
}
