import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProgram } from "../../src/cli/program.ts";
import { fovea } from "./fovea.ts";

/** The words that lead to every command and group, for example `["data", "check"]`. */
function commandPaths(command: Command, path: string[] = []): string[][] {
  return [path, ...command.commands.flatMap((child) => commandPaths(child, [...path, child.name()]))];
}

const packageJson = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-frame-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("fovea", () => {
  it("prints its version", async () => {
    expect(await fovea(["--version"])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: "" });
  });

  it("loads nothing heavy to print its version", async () => {
    // A resolve hook that tells the packages that are imported: start-up time, without a stopwatch.
    const hook = `export async function resolve(specifier, context, next) {
      if (/^[@a-z]/.test(specifier) && !specifier.startsWith("node:") && !specifier.startsWith("file:"))
        (await import("node:fs")).writeSync(2, specifier + "\\n");
      return next(specifier, context);
    }`;
    const hookUrl = `data:text/javascript,${encodeURIComponent(hook)}`;
    const register = `data:text/javascript,${encodeURIComponent(
      `import { register } from "node:module"; register(${JSON.stringify(hookUrl)});`,
    )}`;
    const { stderr, code } = await fovea(["--version"], { nodeOptions: ["--import", register] });
    const packages = new Set(
      stderr
        .trim()
        .split("\n")
        .map((specifier) => specifier.split("/")[0]),
    );
    expect(code).toBe(0);
    // The command line's one and core's two: no picture, chart or tensor library.
    expect([...packages].sort()).toEqual(["commander", "pure-rand", "write-file-atomic"]);
  });

  it.each(
    commandPaths(createProgram()).map((path) => ({ path, name: ["fovea", ...path].join(" ") })),
  )("explains `$name --help` with an example", async ({ path, name }) => {
    const { code, stdout, stderr } = await fovea([...path, "--help"]);
    expect(stdout).toMatch(/^Usage: fovea/);
    // The help ends with the examples, and they are about this command.
    expect(stdout).toMatch(/\nExamples?:\n( {2}\$ fovea .+\n)+$/);
    expect(stdout.slice(stdout.lastIndexOf("Example"))).toContain(`$ ${name}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("goes on when nobody reads stderr, and ends as it would have", async () => {
    const onStart = (child: ChildProcess) => void child.stderr!.destroy();
    expect(await fovea(["data", "check", "nowhere"], { onStart })).toMatchObject({ code: 1 });
    const out = join(folder, "scenes-without-stderr");
    const line = ["data", "scenes", out, "--count", "2", "--size", "64"];
    expect(await fovea(line, { onStart })).toMatchObject({ code: 0, stdout: expect.stringContaining(out) });
  });

  it("does its work when nobody reads stdout, and says so to the shell only", async () => {
    const onStart = (child: ChildProcess) => void child.stdout!.destroy();
    const out = join(folder, "scenes-without-stdout");
    const line = ["data", "scenes", out, "--count", "2", "--size", "64", "--quiet"];
    expect(await fovea(line, { onStart })).toEqual({ code: 141, stdout: "", stderr: "" });
    expect(await readdir(out)).toContain("data.yaml");
  });

  it("shows the help of a group that is called without a command, as a mistake", async () => {
    const { code, stdout, stderr } = await fovea(["data"]);
    expect(stderr).toMatch(/^Usage: fovea data/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });
});
