#!/usr/bin/env node
import { describeFailure } from "./failure.ts";
import { run } from "./run.ts";

// The reader of our output may leave early (`fovea … | head`): that is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
  throw error;
});

// Whatever escapes a promise ends like any other failure: one sentence and an exit code.
process.on("uncaughtException", (thrown) => {
  const failure = describeFailure(thrown, { stack: process.env.FOVEA_DEBUG === "1" });
  process.stderr.write(failure.text);
  process.exit(failure.exitCode);
});

process.exitCode = await run(process.argv.slice(2));
