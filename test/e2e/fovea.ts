import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { codeHash } from "../code-hash.ts";

/** The built command line program. */
export const MAIN: string = resolve(import.meta.dirname, "../../dist/cli/main.js");

if (!existsSync(MAIN))
  throw new Error("dist/cli/main.js is missing: run `npm run build` before the e2e tests.");

/** What converts models; Fovea itself converts anew only when its version changes. */
const CONVERTERS = ["models", "graph", "detect/ready", "landmarks/ready", "face/liveness"];

const caches = resolve(import.meta.dirname, "../../.vitest/cache");

/** Where converted models are kept between runs of the tests, instead of in the user's own cache. */
export const CACHE: string = join(caches, codeHash(CONVERTERS.map((room) => `dist/${room}`)));

// Those of earlier programs, unless another run may still use them.
const aDayAgo = Date.now() - 24 * 3_600_000;
for (const name of existsSync(caches) ? readdirSync(caches) : []) {
  const path = join(caches, name);
  if (path !== CACHE && statSync(path).mtimeMs < aDayAgo) rmSync(path, { recursive: true, force: true });
}

/** Time for the preparation of a test file, also on a busy machine. */
export const HOOK_TIMEOUT_MS = 60_000;

export interface Outcome {
  /** Exit code, or null if a signal ended the process. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Node's own options, before the script. */
  nodeOptions?: string[];
  /** Given the running process, for example to send it a signal. */
  onStart?: (child: ChildProcess) => void;
}

/** Runs `fovea …` as the user would, in a process of its own. */
export function fovea(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [...(options.nodeOptions ?? []), MAIN, ...args], {
    cwd: options.cwd,
    env: { ...process.env, FOVEA_DEBUG: "", FOVEA_CACHE: CACHE, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  options.onStart?.(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => done({ code, stdout, stderr }));
  });
}

/** An `onStart` that sends Ctrl-C, once, as soon as something is so: asked again a tenth of a second after each answer. */
export function interruptWhen(isSo: () => Promise<boolean>): (child: ChildProcess) => void {
  return async (child) => {
    while (child.exitCode === null && !(await isSo())) await setTimeout(100);
    child.kill("SIGINT");
  };
}
