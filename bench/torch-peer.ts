import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { writeYoloCase, type YoloCase } from "../tools/pytorch/case.ts";

/** Memory layouts of PyTorch's tensors. */
export const torchFormats = ["contiguous", "channels_last"] as const;
export type TorchFormat = (typeof torchFormats)[number];

/** What a row of steps took. */
export interface TorchSteps {
  milliseconds: number[];
  /** Loss of the first of these steps. */
  loss: number;
}

const python = process.env.PYTHON ?? "/usr/bin/python3";
const script = fileURLToPath(new URL("../tools/pytorch/timing.py", import.meta.url));

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

  static async start(yoloCase: YoloCase, threads: number): Promise<TorchPeer> {
    const folder = await mkdtemp(join(tmpdir(), "fovea-bench-"));
    const path = join(folder, "case.json");
    await writeFile(path, writeYoloCase(yoloCase));
    // OpenBLAS keeps threads of its own, which wait actively even where PyTorch is told to use one.
    const env = { ...process.env, OMP_NUM_THREADS: `${threads}`, OPENBLAS_NUM_THREADS: `${threads}` };
    const child = spawn(python, [script, path, `${threads}`], { env, stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout });
    const answers = lines[Symbol.asyncIterator]();
    const { version } = await nextAnswer<{ version: string }>(answers);
    return new TorchPeer(version, child, lines, answers, folder);
  }

  /** Takes steps; resolves when the last is done. */
  take(format: TorchFormat, steps: number): Promise<TorchSteps> {
    this.#child.stdin.write(`${format} ${steps}\n`);
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
