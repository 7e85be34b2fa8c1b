import { extname } from "node:path";
import { Worker } from "node:worker_threads";

/**
 * Starts a thread: from JavaScript when built, and through tsx from the TypeScript sources.
 *
 * @param script the thread's file without extension, relative to `from`
 * @param from `import.meta.url` of the caller
 */
export function startWorker(script: string, from: string, workerData?: unknown): Worker {
  const extension = extname(from);
  const url = new URL(`${script}${extension}`, from);
  if (extension !== ".ts") return new Worker(url, { workerData, execArgv: [] });
  // `--import tsx` has no effect in a worker thread under Node 20, so the thread registers tsx by itself.
  const tsx = import.meta.resolve("tsx/esm/api");
  const start = `import("${tsx}").then(({ register }) => { register(); return import("${url}"); });`;
  return new Worker(start, { eval: true, workerData, execArgv: [] });
}
