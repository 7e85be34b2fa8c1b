import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";

const script = new URL("./worker-session.ts", import.meta.url);
/** Node 20 registers tsx in a worker only from within. */
const start = `import("tsx/esm/api").then(({ register }) => { register(); return import("${script.href}"); });`;

/** The losses of a worker that trains; it runs beside this thread, which waits. */
async function trainInWorker(): Promise<number[]> {
  const worker = new Worker(start, { eval: true, execArgv: [] });
  const [losses] = await once(worker, "message");
  await once(worker, "exit");
  return losses;
}

it("sessions in two worker threads at once train as one alone does", async () => {
  const [a, b] = await Promise.all([trainInWorker(), trainInWorker()]);
  const alone = await trainInWorker();
  expect(alone.at(-1)).toBeLessThan(alone[0] / 2);
  expect(a).toEqual(alone);
  expect(b).toEqual(alone);
});
