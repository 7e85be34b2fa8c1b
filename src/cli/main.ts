#!/usr/bin/env node
import { outliveReaders } from "./closed-pipes.ts";
import { describeFailure } from "./failure.ts";
import { run } from "./run.ts";

const endWith = outliveReaders(process.stdout, process.stderr);
// At the very end: word that a pipe is closed comes after the write.
process.once("exit", (code) => {
  process.exitCode = endWith(code);
});

// Whatever escapes a promise ends like any other failure: one sentence and an exit code.
process.on("uncaughtException", (thrown) => {
  const failure = describeFailure(thrown, { stack: process.env.FOVEA_DEBUG === "1" });
  process.stderr.write(failure.text);
  process.exit(failure.exitCode);
});

process.exitCode = await run(process.argv.slice(2));
